"""The names of classes as names of folders, each its own, and back; what no folder may be called becomes %XX."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote

from pushforward.data.raw.splits import NAMES

NAMELESS = "%"
"""Folder of a class whose name is empty; a percent sign that belongs to a name is %25."""

_EXACT = re.compile(f"[{string.ascii_lowercase}{string.digits}]")
_LEGIBLE = re.compile(r"[\w,+-]")


def folder_names(classes: Iterable[str]) -> dict[str, str]:
    """Return a folder's name for each class.

    Letters, digits, inner spaces and dots, and `, + - _` stay as they are. Of a name that means something else (train,
    test, …) the first letter is written as %XX, and so are all but small letters of names that differ in nothing but
    capitals, or in how an accent is written, which some disks do not tell apart.

    Args:
        classes: their names.
    Example:
        >>> folder_names(["a_b", "a/b", "Cat", "cat", "test", ""])
        {'a_b': 'a_b', 'a/b': 'a%2Fb', 'Cat': '%43at', 'cat': 'cat', 'test': '%74est', '': '%'}
    """
    distinct = list(dict.fromkeys(classes))
    shared = Counter(map(_folded, distinct))
    return {name: _exact(name) if shared[_folded(name)] > 1 else _legible(name) for name in distinct}


def class_name(folder: str) -> str:
    """Return the class whose folder this is.

    Args:
        folder: a name that `folder_names` gave.
    Example:
        >>> [class_name(folder) for folder in ("a%2Fb", "a_b", "%")]
        ['a/b', 'a_b', '']
    """
    return "" if folder == NAMELESS else unquote(folder, errors="surrogateescape")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _exact(name: str) -> str:
    kept = [bool(_EXACT.fullmatch(c)) and not (i == 0 and name in NAMES) for i, c in enumerate(name)]
    return "".join(c if keep else _coded(c) for c, keep in zip(name, kept, strict=True))


def _legible(name: str) -> str:
    if name.casefold() in NAMES:
        return _coded(name[0]) + name[1:]
    inner = range(1, len(name) - 1)
    kept = (_LEGIBLE.fullmatch(c) or (c in " ." and i in inner) for i, c in enumerate(name))
    return "".join(c if keep else _coded(c) for c, keep in zip(name, kept, strict=True)) or NAMELESS


def _coded(c: str) -> str:
    return "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "surrogateescape"))
