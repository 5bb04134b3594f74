"""What MkDocs is told beside mkdocs.yml."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add `adr/index.md`: the list of decisions, by their headings."""
    decisions = sorted((Path(config.docs_dir) / "adr").glob("0*.md"))
    lines = ["# Decisions\n", *(f"- [{title(path)}]({path.name})" for path in decisions)]
    files.append(File.generated(config, "adr/index.md", content="\n".join(lines)))
    return files


def on_page_content(html: str, **_: object) -> str:
    """In tables GitHub wants `a\\|b`, of which Python-Markdown keeps the stroke in code."""
    return re.sub(r"<code>[^<]*</code>", lambda code: code[0].replace("\\|", "|"), html)


def title(document: Path) -> str:
    """The heading of a document, as "1. A worker process under a thread"."""
    return document.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
