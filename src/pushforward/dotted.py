"""The dotted paths that name a user's own object or function, in the working directory too."""

import importlib
import sys
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from pushforward.errors import Refused, nearest


def is_dotted(word: str) -> bool:
    """Return whether a word has the form of "package.module.name"."""
    return "." in word and all(piece.isidentifier() for piece in word.split("."))


def find(word: str) -> Any | None:
    """Return the object at "package.module.name"; None where no such module can be found.

    An error inside the module is the user's own and passes through.

    Raises:
        Refused: if the module has no such name.
    """
    module_name, _, name = word.rpartition(".")
    if not is_dotted(word):
        return None
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # last, so that nothing in it hides an installed package
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name + ".").startswith(error.name + "."):
            return None
        raise
    if not hasattr(module, name):
        known = [n for n in vars(module) if not n.startswith("_")]
        raise Refused(f"{word!r} cannot be found: module {module_name} has no {name}; {nearest(name, known)}")
    return getattr(module, name)


def find_dataclass(path: str) -> type:
    """Return the class at a dotted path, of which a file may make values.

    Raises:
        Refused: where there is none, or something else.
    """
    found = find(path)
    if found is None:
        raise Refused(f"{path} cannot be found; run from the folder that holds it, or install it.")
    if not (isinstance(found, type) and is_dataclass(found)):
        raise Refused(f"{path} must be a frozen dataclass to be made from a file, and it is {type(found).__name__}.")
    return found
