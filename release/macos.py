"""What macOS reads of the program before it starts it: the keys of Info.plist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from release.facts import FILE_TYPES, NAME, SUMMARY, VERSION, FileType

ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")


def info() -> dict[str, Any]:
    """What differs from what PyInstaller writes by itself."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleGetInfoString": f"{NAME} {VERSION}: {SUMMARY}",
        "CFBundleVersion": VERSION,
        "CFBundleDocumentTypes": [_document(kind) for kind in FILE_TYPES],
        "UTExportedTypeDeclarations": [_declaration(kind) for kind in FILE_TYPES],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSBackgroundOnly": False,  # PyInstaller says otherwise, for the twin of the terminal
        "LSMinimumSystemVersion": "13.0",  # of onnxruntime
        "NSCameraUsageDescription": "To name the landmarks that the camera sees.",
        "NSHighResolutionCapable": True,
    }


def _document(kind: FileType) -> dict[str, Any]:
    return {
        "CFBundleTypeName": kind.description,
        "CFBundleTypeRole": "Editor",
        "LSHandlerRank": "Owner",
        "LSItemContentTypes": [kind.uti],
    }


def _declaration(kind: FileType) -> dict[str, Any]:
    return {
        "UTTypeIdentifier": kind.uti,
        "UTTypeDescription": kind.description,
        "UTTypeConformsTo": list(kind.parents),
        "UTTypeTagSpecification": {
            "public.filename-extension": [kind.suffix.removeprefix(".")],
            "public.mime-type": kind.mime,
        },
    }
