"""A built page loads nothing from elsewhere: scripts, styles, pictures and fonts all lie beside it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Attributes whose address a browser fetches by itself; an <a href> is only followed when it is clicked.
LOADING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
ELSEWHERE = re.compile(r"(?:https?:)?//[\w.-]+\.\w", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = LOADING.get(tag, ())
        self.found += [value for name, value in attrs if name in named and value and ELSEWHERE.match(value.strip())]
        self.found += [
            found for name, value in attrs if name == "style" and value for found in IN_STYLES.findall(value)
        ]


def loaded(page: str) -> list[str]:
    """The addresses elsewhere that a page of HTML, or a style sheet, loads."""
    reader = _Loads()
    reader.feed(page)
    return reader.found + IN_STYLES.findall(re.sub(r"<body.*", "", page, flags=re.DOTALL))


def loads(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every page and style sheet of a folder that loads something from elsewhere, and what."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".html", ".css"}):
        for address in loaded(path.read_text(encoding="utf-8")):
            yield path, address


def setup(app: "Sphinx") -> dict[str, bool]:
    """Let the build fail for what would need a network."""
    from sphinx.errors import ExtensionError

    def finished(app: "Sphinx", exception: Exception | None) -> None:
        found = [] if exception else [f"{path.name} loads {address}" for path, address in loads(Path(app.outdir))]
        if found:
            raise ExtensionError("pages must load nothing from elsewhere: " + "; ".join(found))

    app.connect("build-finished", finished)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
