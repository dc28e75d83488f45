"""The pages of the API, one a room, written from what each room's `__all__` names, so that they move with the code."""

import pkgutil
from importlib import import_module
from inspect import isclass, isroutine
from pathlib import Path
from types import ModuleType

from sphinx.application import Sphinx

import pushforward
from building.docstrings import literal

# Rooms that others are built on; users of the library meet them in files, messages and on the command line only.
INNER = {"__main__", "cli", "dotted", "index", "progress", "ranks", "report", "runs"}
VERBS = "verbs"  # are offered as pushforward.fit, pushforward.score, …


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
    each = [line for path in paths for line in (f".. auto{_kind(found(path))}:: {path}", "")]
    return "\n".join([*head, *listed, *each])


def contents(names: list[str]) -> str:
    """The page that lists the others, with the first line of each room."""
    head = ["Reference", "=========", "", "What every room offers, from the code's own texts.", ""]
    rooms = [f":doc:`{name} <{name}>`\n   {literal(_first_line(name))}\n" for name in sorted(names)]
    tree = ["", ".. toctree::", "   :hidden:", "", *(f"   {name}" for name in sorted(names)), ""]
    return "\n".join([*head, *rooms, *tree])


def _first_line(room: str) -> str:
    return (import_module(f"pushforward.{room}").__doc__ or "").partition("\n")[0]


def found(path: str) -> object:
    """What a dotted path into the package names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _kind(thing: object) -> str:
    return "class" if isclass(thing) else "function" if isroutine(thing) else "data"


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
