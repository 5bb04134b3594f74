"""What Windows shows under Properties → Details of the launchers."""

from __future__ import annotations

from release.facts import NAME, SUMMARY, VERSION

ENGLISH, UNICODE = 0x0409, 1200


def version_resource(file_name: str) -> str:
    """The version resource of a launcher, in PyInstaller's notation.

    Args:
        file_name: such as "LandmarkGUI.exe".
    """
    numbers = tuple(int(part) for part in VERSION.split(".")[:3])
    texts = {
        "FileDescription": NAME,
        "FileVersion": VERSION,
        "InternalName": file_name.removesuffix(".exe"),
        "OriginalFilename": file_name,
        "ProductName": NAME,
        "ProductVersion": VERSION,
        "Comments": SUMMARY,
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    table = f"StringTable('{ENGLISH:04x}{UNICODE:04x}', [{strings}])"
    return (
        f"VSVersionInfo(FixedFileInfo(filevers={(*numbers, 0)}, prodvers={(*numbers, 0)}), "
        f"[StringFileInfo([{table}]), "
        f"VarFileInfo([VarStruct('Translation', [{ENGLISH}, {UNICODE}])])])"
    )
