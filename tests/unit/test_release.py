"""What is handed out: sizes, icons, what systems are told, and the weights that go along."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import pytest
from PIL import Image

from landmark_gui import __version__
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.suffixes import MODEL_SUFFIX, PROJECT_SUFFIX
from release import facts, icons, lean_tensorflow, macos, parts, slimming, weights, windows

ROOT = Path(__file__).resolve().parents[2]


def test_each_file_counts_for_its_part_and_links_for_nothing(tmp_path: Path) -> None:
    for name, size in {
        "LandmarkGUI": 100,
        "_internal/libpython.so": 30,
        "_internal/numpy/core.so": 300,
        "_internal/numpy.libs/libopenblas.so": 400,
        "_internal/numpy-2.0.dist-info/METADATA": 5,
        "_internal/tensorflow/libtensorflow.so": 3000,
        "_internal/google/protobuf/api.so": 7,
        "_internal/yaml/small.so": 1,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    (tmp_path / "landmark-gui").symlink_to("LandmarkGUI")
    found = parts.sizes(tmp_path)
    assert found == {
        "launchers, with the program's own code": 100,
        "Python and system libraries": 30,
        "numpy": 705,
        "tensorflow": 3007,
        "yaml": 1,
    }
    lines = parts.table(found).splitlines()
    assert lines[0].endswith("tensorflow") and "yaml" not in parts.table(found)
    assert lines[-1].split() == ["0.0", "MB", "100%", "together"]


@pytest.mark.parametrize(
    "name",
    [
        "tensorflow/include/a.h",
        "numpy/tests/data.txt",
        "nvidia/cublas/libcublas.so",
        "keras-3.15.1.dist-info/RECORD",
        "PySide6/Qt/translations/qtbase_de.qm",
        r"PySide6\translations\qtbase_de.qm",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
    ],
)
def test_what_nothing_loads_is_left_out(name: str) -> None:
    assert slimming.without_unused([(name, "/nowhere", "DATA")]) == []


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_ko.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "keras-3.15.1.dist-info/METADATA",
        "resources/icons/open.svg",
    ],
)
def test_what_is_used_stays(name: str) -> None:
    assert slimming.without_unused([(name, "/nowhere", "DATA")]) == [(name, "/nowhere", "DATA")]


@pytest.mark.parametrize("side", [16, 256])
def test_the_icon_is_drawn_at_every_size(side: int) -> None:
    image = icons.drawn(side)
    assert image.size == (side, side)
    assert image.getpixel((0, 0))[3] < 128, "its corners are round"
    assert image.getpixel((side // 2, side * 5 // 8))[:3] == (255, 255, 255), "the tower"
    framed = icons.drawn(side, margin=0.25)
    assert framed.getbbox() == (side // 4, side // 4, side * 3 // 4, side * 3 // 4)


def test_icons_of_the_three_systems(tmp_path: Path) -> None:
    with Image.open(icons.write_ico(tmp_path / "icon.ico")) as ico:
        assert ico.info["sizes"] == {(side, side) for side in icons.WINDOWS_SIDES}
    with Image.open(icons.write_icns(tmp_path / "icon.icns")) as icns:
        assert icns.size == (1024, 1024)
    for path in icons.write_pngs(tmp_path / "hicolor", facts.COMMAND):
        with Image.open(path) as png:
            assert path.parts[-3] == f"{png.width}x{png.height}"


def test_the_files_of_the_program_are_told_to_macos() -> None:
    info = plistlib.loads(plistlib.dumps(macos.info()))
    declared = {
        kind["UTTypeTagSpecification"]["public.filename-extension"][0]: kind["UTTypeIdentifier"]
        for kind in info["UTExportedTypeDeclarations"]
    }
    assert {f".{ending}" for ending in declared} == {PROJECT_SUFFIX, MODEL_SUFFIX}
    opened = [kind["LSItemContentTypes"][0] for kind in info["CFBundleDocumentTypes"]]
    assert opened == list(declared.values())
    assert not info["LSBackgroundOnly"] and info["CFBundleVersion"] == __version__
    entitlements = plistlib.loads(macos.ENTITLEMENTS.read_bytes())
    assert all(entitlements.values())
    assert "com.apple.security.device.camera" in entitlements


def test_windows_is_told_the_version() -> None:
    """The notation is Python, of names that PyInstaller has on Windows alone."""

    def named(name: str):
        return lambda *values, **more: (name, *values, *more.items())

    kinds = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct")
    names = {name: named(name) for name in (*kinds, "VarFileInfo", "VarStruct")}
    _, fixed, [(_, [(_, code, strings)]), (_, [translation])] = eval(
        windows.version_resource("LandmarkGUI.exe"), names
    )
    assert ".".join(map(str, dict(fixed[1:])["filevers"][:3])) == __version__
    texts = {name: text for _, name, text in strings}
    assert texts["ProductVersion"] == __version__ and texts["InternalName"] == "LandmarkGUI"
    language, page = translation[2]
    assert code == f"{language:04x}{page:04x}"


def test_the_lean_tensorflow_is_the_one_that_is_tested() -> None:
    lean = re.match(r"tensorflow-cpu(==\S+)", lean_tensorflow.LOCK.read_text("utf-8"))
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert lean and f"\ntensorflow{lean[1]} " in lock


def test_weights_that_nobody_knows_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "earlier.h5").touch()
    with pytest.raises(TrainingError, match=r"neither a file nor a network\..*MobileNetV2 0\.35"):
        weights.gather(["MobileNet 7"], tmp_path)
    assert list(tmp_path.iterdir()) == [], "weights of an earlier build are not taken along"
