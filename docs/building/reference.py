"""The pages of the API, one a room, written from what each room's `__all__` names, so that they move with the code."""

import ast
import pkgutil
from abc import ABC
from importlib import import_module
from inspect import getdoc, isclass, isroutine
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from sphinx.application import Sphinx

import pushforward
from building.docstrings import literal

# Rooms that others are built on; users of the library meet them in files, messages and on the command line only.
INNER = {"__main__", "cli", "dotted", "index", "progress", "ranks", "report", "runs"}
VERBS = "verbs"  # are offered as pushforward.fit, pushforward.score, …

PLAIN = (object, ABC)  # bases that say nothing


def rooms() -> list[str]:
    """The public rooms, in alphabetical order."""
    return sorted({m.name for m in pkgutil.iter_modules(pushforward.__path__)} - INNER - {VERBS})


def offered(room: str) -> list[str]:
    """Paths of what a room offers, in alphabetical order whatever the case."""
    module = import_module(f"pushforward.{room}")
    own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__]
    names = [name for name in getattr(module, "__all__", own) if not name.startswith("_")]
    things = [name for name in names if not isinstance(getattr(module, name), ModuleType)]
    return [f"pushforward.{room}.{name}" for name in sorted(things, key=str.lower)]


def page(title: str, module: str, paths: list[str]) -> str:
    """A room's page: its sentence, a list of what it offers, and each with its docstring."""
    head = [title, "=" * len(title), "", f".. automodule:: {module}", "   :no-members:", "   :no-special-members:", ""]
    listed = [".. offered::", "", *(f"   {path}" for path in paths), ""]
    return "\n".join([*head, *listed, *(line for path in paths for line in _entry(path))])


def first_line(path: str) -> str:
    """What is said of a thing in one line: its docstring's first, or the text below an assignment."""
    thing = found(path)
    text = getdoc(thing) if isclass(thing) or isroutine(thing) else below(path)
    return (text or "").partition("\n")[0]


def below(path: str) -> str:
    """The text that stands below the assignment of a value, in whatever file of its room that is."""
    _, room, name = path.split(".")
    files = sorted((Path(str(pushforward.__file__)).parent / room).rglob("*.py"))
    bodies = [ast.parse(file.read_text(encoding="utf-8")).body for file in files]
    texts = [_text(after) for body in bodies for line, after in pairwise(body) if name in _assigned(line)]
    return next(filter(None, texts), "A type that options have.")


def contents(names: list[str]) -> str:
    """The page that lists the others, with the first line of each room."""
    head = ["Reference", "=========", "", "What every room offers, from the code's own texts.", ""]
    listed = [f":doc:`{name} <{name}>`\n   {literal(_sentence(name))}\n" for name in sorted(names)]
    tree = ["", ".. toctree::", "   :hidden:", "", *(f"   {name}" for name in sorted(names)), ""]
    return "\n".join([*head, *listed, *tree])


def _sentence(room: str) -> str:
    return (import_module(f"pushforward.{room}").__doc__ or "").partition("\n")[0]


def found(path: str) -> object:
    """What a dotted path into the package names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _entry(path: str) -> list[str]:
    thing = found(path)
    if not isclass(thing):
        return (
            [f".. autofunction:: {path}", ""]
            if isroutine(thing)
            else [f".. autodata:: {path}", "", f"   {literal(below(path))}", ""]
        )
    bases = ["   :show-inheritance:"] if any(base not in PLAIN for base in thing.__bases__) else []
    return [f".. autoclass:: {path}", *bases, ""]


def _assigned(line: ast.stmt) -> list[str]:
    targets = line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _text(line: ast.stmt) -> str | None:
    value = line.value if isinstance(line, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def write(app: Sphinx) -> None:
    """Write the pages that are not there yet as they should be; delete those of rooms that are gone."""
    folder = Path(app.srcdir) / "reference"
    folder.mkdir(exist_ok=True)
    pages = {room: page(room, f"pushforward.{room}", offered(room)) for room in rooms()}
    pages["index"] = contents([*pages, VERBS])
    pages[VERBS] = page(VERBS, "pushforward", [_short(path) for path in offered(VERBS)])
    for old in folder.glob("*.rst"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        place = folder / f"{name}.rst"
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")


def _short(path: str) -> str:
    name = path.rpartition(".")[2]
    return f"pushforward.{name}" if name in pushforward.__all__ else path


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before any is read."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
