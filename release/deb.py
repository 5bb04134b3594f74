"""A Debian package of the built program: `python -m release.deb`, after `python run.py build`.

It goes to /opt/landmark-gui, with a menu entry, file types and icons where desktops look for them;
dpkg's own triggers tell them that something is new. Needs dpkg-deb.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from release.facts import COMMAND, NAME, PROGRAM, SUMMARY, VERSION
from release.icons import SOURCE as ICON
from release.icons import write_pngs
from release.linux import APPSTREAM_ID, desktop_entry, metainfo, mime_types
from release.words import DESCRIPTION
from run import WINDOW_LIBRARIES

DIST = Path(__file__).parents[1] / "dist"
PLACE = Path("opt", COMMAND)
MAINTAINER = f"{NAME} <{COMMAND}@localhost>"
RECOMMENDED = (
    *("desktop-file-utils", "shared-mime-info"),  # menu and file types; each desktop has them
    "fonts-noto-cjk | fonts-nanum",
    *("libwayland-cursor0", "libwayland-egl1"),  # without them Qt draws on Wayland through X11
)
LEVEL = 9
"""Of zstd: 6 leaves 4 % more, 12 takes twice as long for 1 % less."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the package into `dist` and print its path and size."""
    parser = argparse.ArgumentParser(prog="python -m release.deb", description=__doc__)
    parser.add_argument("--maintainer", default=MAINTAINER, help='as "Name <address>"')
    parser.add_argument("--level", type=int, default=LEVEL, help=f"of zstd (default: {LEVEL})")
    options = parser.parse_args(arguments)
    built = DIST / PROGRAM
    if not built.is_dir():
        parser.error(f"{built} is not there. Make it with: python run.py build")
    path = make_deb(built, DIST, options.maintainer, options.level)
    print(f"{path}: {path.stat().st_size / 1e6:.0f} MB")
    return 0


def make_deb(built: Path, out: Path, maintainer: str = MAINTAINER, level: int = LEVEL) -> Path:
    """Pack the folder `built` into `out`; the package's path.

    Raises:
        OSError: nothing could be written, or there is no dpkg-deb.
        subprocess.CalledProcessError: dpkg-deb refused.
    """
    path = out / f"{COMMAND}_{version()}_{architecture()}.deb"
    with TemporaryDirectory(dir=out, prefix="deb ") as folder:
        root = Path(folder)
        root.chmod(0o755)
        lay_out(built, root)
        write(root / "DEBIAN" / "control", control(root, maintainer))
        pack = ["dpkg-deb", "--root-owner-group", "-Zzstd", f"-z{level}", "--build", root, path]
        subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
    return path


def lay_out(built: Path, root: Path) -> None:
    """Everything where it stands on the person's disk; `built` is linked, not copied."""
    shutil.copytree(built, root / PLACE, symlinks=True, copy_function=os.link)
    command = root / "usr" / "bin" / COMMAND
    command.parent.mkdir(parents=True)
    command.symlink_to(Path("/", PLACE, COMMAND))
    share = root / "usr" / "share"
    write(share / "applications" / f"{COMMAND}.desktop", desktop_entry(f"/{PLACE / PROGRAM}"))
    write(share / "mime" / "packages" / f"{COMMAND}.xml", mime_types())
    write(share / "metainfo" / f"{APPSTREAM_ID}.metainfo.xml", metainfo())
    write(share / "doc" / COMMAND / "copyright", COPYRIGHT)
    icons = share / "icons" / "hicolor"
    write_pngs(icons, COMMAND)
    write(icons / "scalable" / "apps" / f"{COMMAND}.svg", ICON.read_text("utf-8"))


COPYRIGHT = f"""\
{NAME} comes with the packages that it is built on. Their licences lie in the folders that end in
.dist-info in /{PLACE}/_internal.
"""


def control(root: Path, maintainer: str) -> str:
    """The fields by which dpkg knows the package."""
    depends = [f"libc6 (>= {glibc()})", *sorted(set(WINDOW_LIBRARIES.values()))]
    return f"""\
Package: {COMMAND}
Version: {version()}
Architecture: {architecture()}
Maintainer: {maintainer}
Section: education
Priority: optional
Installed-Size: {installed_kib(root)}
Depends: {", ".join(depends)}
Recommends: {", ".join(RECOMMENDED)}
Description: {SUMMARY}
 {DESCRIPTION}
"""


def version() -> str:
    """As Debian sorts it, where a tilde comes before the end: 1.0~rc1 is older than 1.0."""
    return re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", VERSION)


def architecture() -> str:
    """Of this machine, since PyInstaller builds for no other; such as "amd64"."""
    asked = ["dpkg", "--print-architecture"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def glibc() -> str:
    """The version that the bundled libraries were taken from, so none older will do."""
    return str(os.confstr("CS_GNU_LIBC_VERSION")).split()[-1]


def installed_kib(root: Path) -> int:
    """What the files take up on a disk, about."""
    files = (path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    return sum(-(-size // 1024) for size in files)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
