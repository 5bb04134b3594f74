"""What a Linux desktop reads of the program: menu entry, file types, software centre."""

from __future__ import annotations

from xml.sax.saxutils import escape

from release.facts import COMMAND, FILE_TYPES, NAME, PROGRAM, SUMMARY
from release.words import DESCRIPTION, KOREAN

APPSTREAM_ID = f"org.landmark_gui.{PROGRAM}"
"""AppStream wants three parts and no hyphen, which macOS' identifier has."""
PROJECT_MAGIC = """
    <magic priority="80">
      <match type="string" offset="0" value="SQLite format 3\\0">
        <match type="string" offset="68" value="LMKG"/>
      </match>
    </magic>"""
"""SQLite's application_id, so that a project that lost its suffix is known as well."""
PARENTS = {"+sqlite3": "application/vnd.sqlite3", "+zip": "application/zip"}


def desktop_entry(program: str) -> str:
    """The menu entry that starts `program`, and opens the files that are ours with it."""
    types = "".join(f"{kind.mime};" for kind in FILE_TYPES)
    return f"""\
[Desktop Entry]
Type=Application
Name={NAME}
Comment={SUMMARY}
Comment[ko]={KOREAN[SUMMARY]}
Exec={program} %F
Icon={COMMAND}
Terminal=false
Categories=Education;ArtificialIntelligence;ImageProcessing;
Keywords=photos;labels;boxes;training;classification;
Keywords[ko]=사진;라벨;상자;학습;분류;
MimeType={types}
StartupNotify=true
StartupWMClass={NAME}
"""


def mime_types() -> str:
    """The file types, for the folder `mime/packages`."""
    kinds = "".join(
        f"""
  <mime-type type="{kind.mime}">
    <comment>{escape(kind.description)}</comment>
    <comment xml:lang="ko">{escape(KOREAN[kind.description])}</comment>
    <icon name="{COMMAND}"/>
    <sub-class-of type="{PARENTS["+" + kind.mime.rpartition("+")[2]]}"/>
    <glob pattern="*{kind.suffix}"/>{PROJECT_MAGIC if kind.mime.endswith("+sqlite3") else ""}
  </mime-type>"""
        for kind in FILE_TYPES
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">{kinds}
</mime-info>
"""


def metainfo() -> str:
    """What a software centre shows, as AppStream wants it."""
    types = "".join(f"\n    <mediatype>{kind.mime}</mediatype>" for kind in FILE_TYPES)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{APPSTREAM_ID}</id>
  <metadata_license>FSFAP</metadata_license>
  <name>{NAME}</name>
  <summary>{escape(SUMMARY)}</summary>
  <summary xml:lang="ko">{escape(KOREAN[SUMMARY])}</summary>
  <description>
    <p>{escape(DESCRIPTION)}</p>
    <p xml:lang="ko">{escape(KOREAN[DESCRIPTION])}</p>
  </description>
  <launchable type="desktop-id">{COMMAND}.desktop</launchable>
  <provides>
    <binary>{COMMAND}</binary>{types}
  </provides>
  <content_rating type="oars-1.1"/>
</component>
"""
