"""The pages of help and lists as text, from the index of signatures: without torch, so they are there at once."""

import shutil
import textwrap

from pushforward import index, standing
from pushforward.cli import grammar
from pushforward.index import Entry, Option

Rows = list[tuple[str, str]]

OBJECTS = """An option that takes an object is given the name of a class (`pushforward list`), then that class's own
options: --network DCGAN --network.width 64. A dotted path names a class of yours, looked up from here."""


def front() -> str:
    """Return the page of `pushforward --help`."""
    verbs = [(verb, _summary(verb)) for verb in grammar.USAGES]
    ways = [("pushforward VERB --help", "the options of a verb"), ("pushforward fit RECIPE --help", "and of a recipe")]
    blocks = {"verbs": verbs, "recipes": _members("recipes"), "more": ways}
    return _page("pushforward VERB ...", index.summary(), blocks)


def verb(name: str, recipe: Entry | None = None) -> str:
    """Return the page of `pushforward VERB --help`, or of `pushforward fit RECIPE --help`."""
    usages = grammar.USAGES[name]
    summary = _summary(name)
    blocks: dict[str, Rows] = {} if name != "fit" else {"recipes": _members("recipes")}
    if recipe:
        usages, blocks = (usages[0].replace("[RECIPE]", recipe.label),), {}
        summary = "\n".join([recipe.summary, *([f"Source: {recipe.source}"] if recipe.source else [])])
    if name == "list":
        blocks["kinds"] = [(kind, "") for kind in index.KINDS]
    options = {title: [_row(o) for o in section] for title, section in grammar.sections(name, recipe).items()}
    usage = "\n".join(f"pushforward {line}" for line in usages)
    return _page(usage, summary, blocks | options) + (f"\n\n{OBJECTS}" if name == "fit" else "")


def listed(kinds: list[str]) -> str:
    """Return the page of `pushforward list KIND`."""
    return "\n\n".join(_block(kind, _members(kind)) for kind in kinds)


def _page(usage: str, summary: str, blocks: dict[str, Rows]) -> str:
    return "\n\n".join([usage, summary, *(_block(title, rows) for title, rows in blocks.items())])


def _block(title: str, rows: Rows) -> str:
    """Return a heading and two columns; a long left cell stands on a line of its own."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    left = min(max((len(name) for name, _ in rows), default=0), 30)
    lines = []
    for name, text in rows:
        wrapped = textwrap.wrap(text, max(width - left - 4, 30)) or [""]
        if len(name) > left:
            lines.append(f"  {name}")
            name = ""
        cells = [name, *[""] * (len(wrapped) - 1)]
        lines += [f"  {cell:<{left}}  {line}".rstrip() for cell, line in zip(cells, wrapped, strict=True)]
    return "\n".join([f"{title}:", *lines])


def _members(kind: str) -> Rows:
    """Return a row of every member: of recipes what they are in words, and what they got; else their first line."""
    if kind == "recipes":
        return [(e.label, standing.sentence(e)) for e in index.entries(kind)]
    return [(e.label, e.summary + (f" [{e.source}]" if e.source else "")) for e in index.entries(kind)]


def _row(option: Option) -> tuple[str, str]:
    if option.default == "True":
        return f"--[no-]{option.name}", f"{option.text.rstrip('.')} (default: yes)"
    default = "" if option.default in (None, "None", "False") else f" (default: {option.default})"
    names = [option.name, *(other for other, name in grammar.SYNONYMS.items() if name == option.name)]
    return ", ".join(f"--{name}" for name in names), option.text.rstrip(".") + default


def _summary(verb: str) -> str:
    return "What there is to choose from." if verb == "list" else index.function("verbs", verb).summary
