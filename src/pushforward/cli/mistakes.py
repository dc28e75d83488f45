"""A parser's complaint, which is many lines of its own, as one sentence that ends in what would be right."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pushforward import index
from pushforward.errors import nearest

_KEY = re.compile(r'Parser key "([\w.]+)"')
_CLASS = re.compile(r"Expected a dot import path string: (\S+)")
_OPTION = re.compile(r"(?:given class_path '([\w.]+)':\s+)?Option '([\w.]+)' is not accepted")
_VALUE = re.compile(r"(?:Given|Got) value: (.*)")
_UNION = re.compile(r"Subtypes: \[(.*)\]")
_TYPE = re.compile(r"Expected an? (.*?)\. Got value")
_PREFIX = re.compile(r"<class '(?:\w+\.)*(\w+)'>|\b(?:typing\.|(?:\w+\.)+(?=[A-Z]))")


def sentence(message: str, options: Iterable[str] = ()) -> str:
    r"""What was wrong, of which option, and what would be right.

    Args:
        message: of the parser.
        options: that the verb takes.
    Example:
        >>> sentence('Parser key "network":\n  Expected a dot import path string: DCGANN')
        "no class 'DCGANN' for --network; did you mean 'DCGAN'?"
    """
    option = "--" + ".".join(_KEY.findall(message))
    for rule in (_unknown_class, _unknown_option, _wrong_value):
        if found := rule(message, option, list(options)):
            return found
    last = message.strip().splitlines()[-1].strip().rstrip(".")
    return f"{option}: {last}." if _KEY.search(message) else f"{last}."


def _unknown_class(message: str, option: str, options: list[str]) -> str | None:
    found = _CLASS.search(message)
    known = sorted({name for names in index.classes().values() for name in names})
    if not found or (_UNION.search(message) and not get_close_matches(found[1], known)):
        return None
    return f"no class '{found[1]}' for {option}; {nearest(found[1], known)}"


def _unknown_option(message: str, option: str, options: list[str]) -> str | None:
    found = _OPTION.search(message)
    if not found:
        return None
    owner = (found[1] or "").rpartition(".")[2]
    known = index.fields(owner) if owner else options
    what = f"{owner} of {option}" if owner else "the call"
    return f"{what} has no option '{found[2]}'; {nearest(found[2], known) if known else 'leave it out.'}"


def _wrong_value(message: str, option: str, options: list[str]) -> str | None:
    kind, value = _UNION.search(message) or _TYPE.search(message), _VALUE.findall(message)
    if not kind or not value:
        return None
    kinds = _PREFIX.sub(r"\1", kind[1]).replace(", NoneType", "").replace("NoneType, ", "")
    return f"{option} must be of type {kinds}, got {value[-1]!r}."
