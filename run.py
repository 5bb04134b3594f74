#!/usr/bin/env python3
"""Set up Landmark GUI and run it. Needs nothing but Python 3.11, 3.12 or 3.13.

    python run.py                 set up what is missing, then open the window
    python run.py -- ARGS         pass ARGS to landmark-gui, as in: python run.py -- classify --help
    python run.py test [ARGS]     run the tests (ARGS go to pytest)
    python run.py check           ruff, mypy, the import rules and the links of the manual
    python run.py docs            build the manual as a site, in build/site
    python run.py build [ARGS]    make the program that needs no Python, in dist/LandmarkGUI
                                  (--with-weights puts weights of networks into it)
    python run.py lock            write requirements*.lock anew from pyproject.toml

The packages go into the folder .venv beside this file and nowhere else. They are pinned, with
the hash of each file, in requirements.lock; test, check, docs, build and lock use
requirements-dev.lock: the same versions, and the tools. Delete .venv to start over.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BUILD_LOCK = ROOT / "requirements-build.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
NEEDED_GB = 5  # 3 GB of packages, and the downloads beside them while they are unpacked
COMMANDS = ("test", "check", "docs", "build", "lock")

# What Qt loads on Linux when it draws and when it meets an X display, with Debian's package for it.
WINDOW_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
BUILD_SITE = ["-m", "mkdocs", "build"]
ALL_TESTS = ["--numprocesses", "2", "--dist", "loadfile"]
"""Two processes: much of what is tested waits, for a worker or for a window."""
JOURNEY_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}


class SetupError(Exception):
    """What went wrong and what to do, for the person who typed the command."""


def main(argv: list[str]) -> int:
    """Do what `argv` asks for and return the exit code."""
    try:
        command, args = parse(argv)
        if command == "help":
            print(__doc__)
            return 0
        check_machine()
        return run(command, args)
    except SetupError as error:
        print(f"run.py: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nrun.py: stopped. Start again to finish.", file=sys.stderr)
    except OSError as error:
        print(f"run.py: {explain(str(error))}", file=sys.stderr)
    return 1


def parse(argv: list[str]) -> tuple[str, list[str]]:
    """Split the arguments into a command ("start" without one) and what is passed on to it."""
    if not argv or argv[0] == "--":
        return "start", argv[1:]
    command, *args = argv
    if command in ("-h", "--help", "help"):
        return "help", []
    if command not in COMMANDS:
        raise SetupError(f'"{command}" is no command. To open it, type: python run.py -- {command}')
    if args and command in ("check", "docs", "lock"):
        raise SetupError(f'"{command}" takes no arguments.')
    return command, args


def run(command: str, args: list[str]) -> int:
    """Set up what `command` needs and run it inside .venv."""
    if command == "start":
        set_up(RUNTIME_LOCK)
        report_missing_libraries(stop=not args)
        # -P: a file called random.py in the folder where one types must not shadow Python's own.
        replace_process(["-P", "-m", "landmark_gui", *args])
    if command == "lock":
        return write_locks()
    set_up(DEV_LOCK)
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # why it is no matter stands in docs/adr/0041
    if command == "check":
        return check()
    if command == "docs":
        replace_process(BUILD_SITE)
    if command == "test":
        report_missing_libraries(stop=False, programs=JOURNEY_PROGRAMS)
        replace_process(["-m", "pytest", *(args or ALL_TESTS)])
    replace_process(["-P", "-m", "release.build", *args])


# The machine


def check_machine(
    version: tuple[int, ...] = sys.version_info[:2],
    system: str = sys.platform,
    bits: int = 64 if sys.maxsize > 2**32 else 32,
) -> None:
    """Refuse, in words, a Python that the pinned packages have no builds for."""
    if not OLDEST <= version[:2] <= NEWEST:
        found = ".".join(map(str, version[:2]))
        raise SetupError(
            f"this is Python {found}, and Landmark GUI runs on 3.11, 3.12 and 3.13. Install one of "
            f"them and start with it, as in: {'py -3.13' if system == 'win32' else 'python3.13'} "
            "run.py"
        )
    if bits != 64:
        raise SetupError("this is a 32-bit Python, and TensorFlow needs a 64-bit one.")


def report_missing_libraries(stop: bool, programs: dict[str, str] | None = None) -> None:
    """Name the one command that installs what Qt (and the journeys) miss on Linux."""
    if not sys.platform.startswith("linux"):
        return
    libraries = missing_libraries(WINDOW_LIBRARIES)
    message = missing_message(libraries, missing_programs(programs or {}))
    if message and libraries and stop:
        raise SetupError(message)
    if message:
        print(f"run.py: {message}", file=sys.stderr)


def missing_libraries(wanted: dict[str, str]) -> dict[str, str]:
    """Those of `wanted` (file name to package) that the dynamic loader cannot find."""
    import ctypes

    def loads(name: str) -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return {name: package for name, package in wanted.items() if not loads(name)}


def missing_programs(wanted: dict[str, str]) -> dict[str, str]:
    """Those of `wanted` (command to package) that are not on the PATH."""
    import shutil

    return {name: package for name, package in wanted.items() if not shutil.which(name)}


def missing_message(libraries: dict[str, str], programs: dict[str, str]) -> str:
    """What to install, for people; "" if nothing is missing."""
    import shutil

    missing = libraries | programs
    if not missing:
        return ""
    need = "the window needs" if libraries else "the tests of the real window are skipped without"
    if not shutil.which("apt-get"):
        return f"{need} {', '.join(missing)}. Install them with your system's package manager."
    sudo = "" if os.geteuid() == 0 else "sudo "
    packages = " ".join(sorted(missing.values()))
    return f"{need} some system packages. Install them with:\n  {sudo}apt-get install -y {packages}"


# The virtual environment


def set_up(lock: Path) -> None:
    """Make `.venv` hold exactly what `lock` pins. Takes no time if it does already."""
    if is_ready(lock):
        return
    with SetupLock():
        if is_ready(lock):  # another start did it while this one waited
            return
        if not is_whole():
            make_venv()
        install(lock)


def is_ready(lock: Path) -> bool:
    """Whether the stamp says that this Python installed this very lock file."""
    return venv_python().exists() and stamp_of(lock) == read_stamp().get(lock.name)


def is_whole() -> bool:
    """Whether `.venv` is one that can be added to: finished, and of this Python version."""
    same = read_stamp().get("python", python_version()) == python_version()
    return venv_python().exists() and not unfinished_mark().exists() and same


def make_venv() -> None:
    """Make an empty `.venv`; what was there is removed first."""
    import shutil
    import subprocess
    import venv

    check_free_space(shutil.disk_usage(ROOT).free)
    if VENV.exists():
        say("The folder .venv is from another Python or was not finished. Making it anew.")
        shutil.rmtree(VENV)
    say(f"Making a virtual environment in {VENV}")
    VENV.mkdir()
    unfinished_mark().touch()
    try:
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)
    except subprocess.CalledProcessError as error:
        raise SetupError(
            "this Python has no pip to offer. On Debian and Ubuntu, install it with: "
            f"apt-get install python{python_version()}-venv"
        ) from error


def install(lock: Path) -> None:
    """Install `lock` with pip. A mark stands in `.venv` until all is done."""
    say(f"Installing the packages of {lock.name}. The first time takes some minutes.")
    unfinished_mark().touch()
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    output, code = run_pip(["install", "--disable-pip-version-check", *options, "-r", str(lock)])
    if code:
        if "Installing collected packages" not in output:
            unfinished_mark().unlink()  # pip fetches all before it writes any
        raise SetupError(explain(output))
    put_on_path()
    write_stamp(lock)
    unfinished_mark().unlink()
    say("Done.")


def run_pip(args: list[str]) -> tuple[str, int]:
    """Run pip in `.venv`, showing the package at hand. What it printed, and its exit code."""
    import subprocess

    command = [str(venv_python()), "-m", "pip", *args]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1", "PIP_USER": "0"},
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            show_progress(line)
    return "".join(lines), pip.returncode


def show_progress(line: str) -> None:
    """Keep one line of the terminal up to date with what pip does; nothing in a log."""
    if not sys.stdout.isatty():
        return
    if line.startswith("Collecting "):
        text = f"getting {line.split()[1]}"
    elif line.startswith("Installing collected"):
        text = "unpacking"
    elif line.startswith(("Successfully", "ERROR")):
        text = ""
    else:
        return
    print(f"\r  {text:<70}\r", end="", flush=True)


def put_on_path() -> None:
    """Let `.venv` find landmark_gui from any folder.

    The path is relative: the whole folder can be moved, and a path with Korean letters does not
    meet the locale's encoding, in which Python before 3.13 reads such files.
    """
    packages = next(VENV.glob("[Ll]ib/python*/site-packages"), VENV / "Lib" / "site-packages")
    relative = os.path.relpath(ROOT, packages)
    (packages / "landmark-gui.pth").write_text(relative + "\n", encoding="ascii")


def explain(output: str) -> str:
    """Say in words why an installation failed, from what pip or the system said."""
    known = (words for signs, words in PIP_FAILURES if any(sign in output for sign in signs))
    words = next(known, "the packages could not be installed.")
    errors = [line for line in output.splitlines() if line.startswith("ERROR")]
    return f"{words}\n({errors[-1] if errors else output[-2000:]})"


PIP_FAILURES = (
    (
        ("No space left on device", "Errno 28", "WinError 112"),
        f"the disk is full. Landmark GUI needs about {NEEDED_GB} GB; free some and start again.",
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        "a downloaded package is not the one that the lock file names, so nothing of it was used. "
        "Start again; if it stays so, something between here and the package index changes files.",
    ),
    (
        (
            "Failed to establish a new connection",
            "NewConnectionError",
            "NameResolutionError",
            "Temporary failure in name resolution",
            "getaddrinfo failed",
            "Network is unreachable",
            "ReadTimeoutError",
            "Read timed out",
            "Max retries exceeded",
            "Connection aborted",
            "ProxyError",
        ),
        "the packages could not be fetched: no internet connection, or a proxy in the way. "
        "Start again when it is back; what was fetched is kept.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
        "the packages could not be fetched: the connection is not trusted. A company proxy may be "
        "in the way: set PIP_CERT to its certificate file and start again.",
    ),
    (
        ("No matching distribution found",),
        "a package has no build for this computer. Landmark GUI runs on 64-bit Windows, on Macs "
        "with an Apple chip, and on Linux with glibc 2.34 or newer.",
    ),
    (
        ("Permission denied", "WinError 5]", "WinError 32]"),
        "a file in .venv could not be written. Close every Landmark GUI that is open, see that "
        "this folder is yours to write to, and start again.",
    ),
)


def check_free_space(free: int) -> None:
    """Refuse to begin what cannot end. `free` in bytes."""
    if free < NEEDED_GB * 10**9:
        raise SetupError(
            f"there is {free / 1e9:.1f} GB free here, and the packages need {NEEDED_GB} GB. "
            "Free some space and start again."
        )


# The stamp: what .venv holds


def venv_python() -> Path:
    """The interpreter of `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_version() -> str:
    """Such as "3.12": packages are built for a minor version."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def unfinished_mark() -> Path:
    """Stands while packages are being installed. Found at a start, `.venv` is made anew."""
    return VENV / "unfinished"


def stamp_of(lock: Path) -> str:
    """Changes with the lock file and with the Python that is running."""
    return hashlib.sha256(python_version().encode() + lock.read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """What was installed: "python", and a stamp for each lock file's name. Empty if unknown."""
    try:
        stamp = json.loads((VENV / "installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(lock: Path) -> None:
    """Note that `lock` is installed. The development lock includes the other."""
    locks = (RUNTIME_LOCK, DEV_LOCK) if lock == DEV_LOCK else (lock,)
    stamp = {"python": python_version(), **{path.name: stamp_of(path) for path in locks}}
    (VENV / "installed.json").write_text(json.dumps(stamp, indent=1), encoding="utf-8")


class SetupLock:
    """One set-up at a time: a second start waits here until the first is done."""

    def __enter__(self) -> None:
        self._file = (ROOT / ".venv.lock").open("a+")
        if sys.platform == "win32":
            import msvcrt

            self._file.seek(0)
            msvcrt.locking(self._file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


# The tools


def check() -> int:
    """Run every check, so that one run shows all there is to mend."""
    import subprocess

    import_rules = "from importlinter.cli import lint_imports_command as run; run()"
    tools = (
        ["-m", "ruff", "check", "--quiet"],
        ["-m", "mypy"],
        ["-c", import_rules, "--no-logo"],
        BUILD_SITE,
    )
    codes = [subprocess.run([venv_python(), *tool], cwd=ROOT).returncode for tool in tools]
    return int(any(codes))


def write_locks() -> int:
    """Resolve pyproject.toml for every system and Python at once. Settings of this machine (another
    index, local files) are left out, so that the hashes are those of the public files."""
    import subprocess

    set_up(DEV_LOCK)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))}
    uv = [str(venv_python()), "-m", "uv", "--quiet", "pip", "compile", "--no-config"]
    options = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    options += ["--generate-hashes", "--no-header", "--no-annotate"]
    project = ["pyproject.toml"]
    tools = [*project, "--group", "dev", "--constraint", RUNTIME_LOCK.name]
    build = ["--group", "build", "--no-deps"]
    for lock, wanted in ((RUNTIME_LOCK, project), (DEV_LOCK, tools), (BUILD_LOCK, build)):
        command = [*uv, *options, *wanted, "--output-file", lock.name]
        code = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL).returncode
        if code:
            return code
    return 0


def replace_process(args: list[str]) -> NoReturn:
    """Become .venv's Python with `args`. Windows cannot, so there it is waited for."""
    command = [str(venv_python()), *args]
    if not {"landmark_gui", "release.build"}.intersection(args):
        os.chdir(ROOT)  # to the others, people give paths relative to where they typed
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    import subprocess

    sys.exit(subprocess.run(command).returncode)


def say(text: str) -> None:
    """Print at once, on stderr: stdout belongs to the program, which may print JSON there."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
