"""The translation of a parser's complaint of many lines into one sentence that ends in what would be right."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from pushforward import index
from pushforward.errors import nearest

NONE: Mapping[str, str] = MappingProxyType({})

_KEY = re.compile(r'Parser key "([\w.]+)"')
_CLASS = re.compile(r"Expected a dot import path string: (\S+)")
_OPTION = re.compile(r"(?:given class_path '([\w.]+)':\s+)?Option '([\w.]+)' is not accepted")
_MISSING = re.compile(r"(?:given class_path '([\w.]+)':\s+)?the following arguments are required: (.*)")
_ABSTRACT = re.compile(r"instantiatable class, but (?:\w+\.)*(\w+) is abstract")
_TYPE = re.compile(r"Expected an? (.*?)\. Got value: (.*)")
# Of nested unions the innermost is the one to speak of: its types come last, its value first.
_UNION = re.compile(r".*Subtypes: \[(.*?)\]\n.*?Given value: (.*?)(?:\n|$)", re.DOTALL)
_COMMA = re.compile(r", (?![^\[]*\])")
_PREFIX = re.compile(r"<class '(?:\w+\.)*(\w+)'>|typing\.")


def sentence(message: str, options: Mapping[str, str] = NONE) -> str:
    r"""Return a sentence that says what was wrong, of which option, and what would be right.

    Args:
        message: of the parser.
        options: that the verb takes, with the type of each.
    Example:
        >>> sentence('Parser key "network":\n  Expected a dot import path string: DCGANN')
        "no class 'DCGANN' for --network; did you mean 'DCGAN'?"
    """
    option = "--" + ".".join(_KEY.findall(message))
    for rule in (_unknown_class, _unknown_option, _missing, _abstract, _wrong_value):
        if answer := rule(message, option, options):
            return answer
    last = message.strip().splitlines()[-1].strip().rstrip(".")
    return f"{option}: {last}." if _KEY.search(message) else f"{last}."


def _unknown_class(message: str, option: str, options: Mapping[str, str]) -> str | None:
    match = _CLASS.search(message)
    if not match:
        return None
    types = re.findall(r"\w+", options.get(option[2:], ""))  # of an option within another the type is not at hand
    rooms = {base: names for base, names in index.classes().items() if base in types} or index.classes()
    known = sorted({name for names in rooms.values() for name in names})
    if _UNION.search(message) and not get_close_matches(match[1], known):
        return None
    return f"no class '{match[1]}' for {option}; {nearest(match[1], known)}"


def _unknown_option(message: str, option: str, options: Mapping[str, str]) -> str | None:
    match = _OPTION.search(message)
    if not match:
        return None
    owner = _last(match[1])
    known = index.fields(str(match[1])) if owner else list(options)
    what = f"{owner} of {option}" if owner else "the call"
    return f"{what} has no option '{match[2]}'; {nearest(match[2], known) if known else 'leave it out.'}"


def _missing(message: str, option: str, options: Mapping[str, str]) -> str | None:
    match = _MISSING.search(message)
    if not match:
        return None
    names = match[2].split(", ")
    if match[1]:
        return f"{_last(match[1])} of {option} needs {' and '.join(f'{option}.{name}' for name in names)}."
    return f"the command line lacks {' and '.join(name.upper() for name in names)}; --help says what goes where."


def _abstract(message: str, option: str, options: Mapping[str, str]) -> str | None:
    match = _ABSTRACT.search(message)
    if not match:
        return None
    known = index.classes().get(match[1], [])
    return f"{option} takes the name of a {match[1]} before options of its own: one of {', '.join(known)}."


def _wrong_value(message: str, option: str, options: Mapping[str, str]) -> str | None:
    match = _TYPE.search(message) or _UNION.search(message)
    if not match:
        return None
    kinds = _PREFIX.sub(r"\1", match[1]).replace(", NoneType", "")
    if kinds.startswith("Literal["):
        return f"{option} must be one of {kinds[8:-1]}, got {match[2]!r}."
    return f"{option} must be of type {_COMMA.sub(' or ', kinds)}, got {match[2]!r}."


def _last(path: str | None) -> str:
    return (path or "").rpartition(".")[2]
