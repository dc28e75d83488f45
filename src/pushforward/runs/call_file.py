"""The file call.yaml, which says how a run was called, with every entry of the kind that it must be."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pushforward.errors import Refused
from pushforward.runs.plain_values import read_yaml

ENTRIES: dict[str, tuple[type, ...]] = {
    "version": (int,),
    "recipe": (str, type(None)),
    "arguments": (dict,),
    "made_by_hand": (str,),
    "command": (str,),
    "data": (dict,),
    "content_hash": (str,),
    "split_hash": (str,),
    "fit": (dict,),
    "matched_in": (str,),
}
"""The kinds that each entry may be of, where it is there."""

NEEDED = ("version", "data", "content_hash", "fit")


def read_call(path: Path) -> dict[str, Any]:
    """Read the call of a run, checked entry by entry.

    Args:
        path: of its call.yaml.

    Raises:
        Refused: if it is no YAML, lacks an entry, or holds one of another kind.
    """
    call = read_yaml(path)
    if not isinstance(call, dict):
        raise Refused(f"{path} must hold the call of a run, but it holds {type(call).__name__}; make the run again.")
    for name in NEEDED:
        if name not in call:
            raise Refused(f"{path} must have an entry '{name}', but has none; restore it or make the run again.")
    for name, kinds in ENTRIES.items():
        if name in call and not isinstance(call[name], kinds):
            raise Refused(f"'{name}' of {path} must be {_words(kinds)}, got {type(call[name]).__name__}; restore it.")
    if call.get("recipe") is not None and "arguments" not in call:
        raise Refused(f"{path} must have an entry 'arguments', but has none; restore it or make the run again.")
    for name in ("arguments", "data", "fit"):
        _check_names(call.get(name, {}), name, path)
    return call


def _check_names(entries: Mapping[Any, Any], name: str, path: Path) -> None:
    if not all(isinstance(key, str) for key in entries):
        raise Refused(f"'{name}' of {path} must hold entries by name; restore it or make the run again.")


def _words(kinds: tuple[type, ...]) -> str:
    words = {int: "a whole number", str: "text", dict: "entries by name", type(None): "null"}
    return " or ".join(words[kind] for kind in kinds)
