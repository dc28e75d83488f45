"""Our docstrings as reStructuredText: mathematics stay as they are typed, sections become fields, boxes stay boxes.

A docstring is text, then sections. Text is paragraphs and indented boxes (algorithms and formulas). A section is
`Args:`, `Attributes:` or `Raises:` with entries, `Example:` with a session, or any other word with text.
"""

import re
from collections.abc import Iterator
from inspect import getdoc
from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Source|Differs|Example):(?: +(.*))?")
ENTRY = re.compile(r"([*\w]+): *(.*)")
FIELDS = {"Args": "param", "Attributes": "ivar", "Raises": "raises"}
CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)


def rest(lines: list[str]) -> list[str]:
    """A docstring's lines, for docutils."""
    return [line for name, body in sections(lines) for line in (*_written(name, body), "")]


def sections(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The text, under the name "", and each section with its lines, dedented."""
    name, body = "", []
    for line in lines:
        if found := SECTION.fullmatch(line):
            yield name, _dedented(body)
            name, body = found[1], [f"    {found[2]}"] if found[2] else []
        else:
            body.append(line)
    yield name, _dedented(body)


def literal(text: str) -> str:
    """A text whose stars, bars and underscores are letters, and whose `code` is code."""
    end, found = 0, ""
    for code in CODE.finditer(text):
        found += f"{_escaped(text[end : code.start()])}\\ ``{code[2]}``\\ "
        end = code.end()
    return found + _escaped(text[end:])


def _written(name: str, body: list[str]) -> Iterator[str]:
    if name == "":
        yield from _text(body)
    elif name == "Example":
        yield from (".. rubric:: Example", "", *_box("pycon", body))
    elif name in FIELDS:
        for entry, text in _entries(body):
            yield f":{FIELDS[name]} {entry}: {literal(text)}"
    else:
        yield f":{name}: {literal(' '.join(body))}"


def _text(body: list[str]) -> Iterator[str]:
    for boxed, lines in groupby(_blank_joined(body), key=lambda line: line.startswith(" ")):
        if boxed:
            yield from _box("text", _dedented(list(lines)))
        else:
            yield from literal("\n".join(lines)).splitlines()


def _box(language: str, lines: list[str]) -> list[str]:
    return ["", f".. code-block:: {language}", "", *(f"    {line}" for line in lines), ""]


def _blank_joined(body: list[str]) -> Iterator[str]:
    """The lines, a blank one as deep as its neighbours if these are in a box."""
    for i, line in enumerate(body):
        after = next((later for later in body[i:] if later.strip()), "")
        before = next((earlier for earlier in reversed(body[:i]) if earlier.strip()), "")
        inside = not line.strip() and before.startswith(" ") and after.startswith(" ")
        yield " " if inside else line


def _entries(body: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in body:
        if (entry := ENTRY.fullmatch(line)) and not line.startswith(" "):
            found.append((entry[1], entry[2]))
        elif found and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def _dedented(lines: list[str]) -> list[str]:
    return dedent("\n".join(lines)).strip("\n").splitlines()


def _escaped(text: str) -> str:
    return re.sub(r"([\\*|`_])", r"\\\1", text)


def setup(app: "Sphinx") -> dict[str, bool]:
    """Read every docstring of autodoc."""

    def read(app: "Sphinx", what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
        of_its_type = what == "data" and "\n".join(lines).strip() == (getdoc(type(thing)) or "").strip()
        lines[:] = [] if of_its_type else rest(lines)

    app.connect("autodoc-process-docstring", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
