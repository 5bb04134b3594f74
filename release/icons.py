"""The program's icon in the forms that systems want, drawn from `resources/app/icon.svg`."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).parents[1] / "resources" / "app" / "icon.svg"
WINDOWS_SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
MAC_SIDES = (32, 64, 128, 256, 512, 1024)
LINUX_SIDES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
MAC_MARGIN = 100 / 1024
"""What Apple's grid for icons leaves free on each side."""


def drawn(side: int, margin: float = 0.0) -> Image.Image:
    """The icon, `side` pixels wide, with `margin` (a share of the side) free around it."""
    image = QImage(side, side, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    free = side * margin
    QSvgRenderer(str(SOURCE)).render(painter, QRectF(free, free, side - 2 * free, side - 2 * free))
    painter.end()
    return Image.frombytes("RGBA", (side, side), bytes(image.constBits()))


def write_ico(path: Path) -> Path:
    """For Windows: every size drawn anew, none scaled."""
    *smaller, largest = (drawn(side) for side in WINDOWS_SIDES)
    sizes = [(side, side) for side in WINDOWS_SIDES]
    largest.save(path, format="ICO", sizes=sizes, append_images=smaller)
    return path


def write_icns(path: Path) -> Path:
    """For macOS."""
    *smaller, largest = (drawn(side, MAC_MARGIN) for side in MAC_SIDES)
    largest.save(path, format="ICNS", append_images=smaller)
    return path


def write_pngs(folder: Path, name: str) -> list[Path]:
    """For Linux: `folder/SIDExSIDE/apps/NAME.png`, as in the icon theme hicolor."""
    paths = []
    for side in LINUX_SIDES:
        path = folder / f"{side}x{side}" / "apps" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn(side).save(path)
        paths.append(path)
    return paths
