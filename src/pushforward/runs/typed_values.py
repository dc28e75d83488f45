"""Values that were read from a file, held to the types of whatever takes them before anything is called."""

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from inspect import Parameter, signature
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pushforward.errors import Refused, nearest

LARGEST = 2**63
"""Numbers without a fraction must be below it."""

SHOWN = 60
"""Characters of a refused value that are quoted."""


class Unfit(ValueError):
    """A value that is not of a type."""


def arguments(given: Any, of: Callable[..., Any], whose: str, skip: int = 0) -> dict[str, Any]:
    """The arguments of a call, each of the type that the signature says: lists as tuples, whole numbers as floats.

    Args:
        given: from a file; must be a mapping of names to values.
        of: a class or a function whose parameters are annotated.
        whose: begins the sentence that refuses them, such as "Gaussian in runs/a/call.yaml".
        skip: parameters at the beginning that the file does not give.

    Raises:
        Refused: naming the first argument that is unknown, missing or of another type.
    """
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise Refused(f"{whose} must have arguments by name, got {shown(given)}.")
    parameters = dict(list(signature(of).parameters.items())[skip:])
    for name in given:
        if name not in parameters:
            raise Refused(f"{whose} has no option {shown(name)}; {nearest(name, list(parameters))}")
    lacking = [n for n, p in parameters.items() if p.default is Parameter.empty and n not in given]
    if lacking:
        raise Refused(f"{whose} lacks {' and '.join(lacking)}; restore the file.")
    return options(given, of, whose)


def options(given: Mapping[str, Any], of: Callable[..., Any], whose: str) -> dict[str, Any]:
    """Some of the arguments of a call, each of the type that the signature says; see `arguments`."""
    hints = get_type_hints(of)
    return {name: _argument(value, hints.get(name, Any), name, whose) for name, value in given.items()}


def _argument(value: Any, hint: Any, name: str, whose: str) -> Any:
    try:
        return fitted(value, hint)
    except Unfit as error:
        raise Refused(f"{name} of {whose} must be {_words(hint)}, got {shown(value)}.") from error


def fitted(value: Any, hint: Any) -> Any:
    """The value as that type has it: lists as tuples, whole numbers as floats, entries by name as a dataclass.

    Raises:
        Unfit: if it is of another type, or a number that is not finite or has more than 64 bits.
    Example:
        >>> fitted([1, 2], tuple[float, ...])
        (1.0, 2.0)
    """
    if hint is Any or isinstance(hint, TypeVar):
        return value
    if hint in PLAIN:
        return PLAIN[hint](value)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _one_of(value, get_args(hint))
    if origin is Literal:
        return _are(value, value in get_args(hint) if isinstance(value, str | int) else False)
    if origin in (tuple, list, Sequence):
        return _row(value, origin, get_args(hint))
    if origin in (dict, Mapping):
        return _entries(value, get_args(hint))
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return hint(**arguments(value, hint, hint.__name__))
    return _are(value, isinstance(value, origin or hint))


def shown(value: Any) -> str:
    """The beginning of a value, as Python writes it."""
    text = repr(value) if not isinstance(value, int) or abs(value) < LARGEST else "a number of more than 64 bits"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _number(value: Any) -> float:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST
    return float(_are(value, whole or (isinstance(value, float) and math.isfinite(value))))


def _whole(value: Any) -> int:
    found: int = _are(value, isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST)
    return found


PLAIN: dict[Any, Callable[[Any], Any]] = {
    float: _number,
    int: _whole,
    str: lambda value: _are(value, isinstance(value, str)),
    bool: lambda value: _are(value, isinstance(value, bool)),
    type(None): lambda value: _are(value, value is None),
}


def _are(value: Any, so: bool) -> Any:
    if not so:
        raise Unfit
    return value


def _one_of(value: Any, hints: tuple[Any, ...]) -> Any:
    """As the first of several types that takes it; a whole number stays one where it may."""
    for hint in sorted(hints, key=lambda h: h is float):
        try:
            return fitted(value, hint)
        except Unfit:
            continue
    raise Unfit


def _row(value: Any, kind: Any, hints: tuple[Any, ...]) -> Any:
    _are(value, isinstance(value, list | tuple))
    if kind is tuple and (len(hints) != 2 or hints[1] is not Ellipsis):
        _are(value, len(value) == len(hints))
        return tuple(fitted(entry, hint) for entry, hint in zip(value, hints, strict=True))
    found = (fitted(entry, hints[0]) for entry in value)
    return list(found) if kind is list else tuple(found)


def _entries(value: Any, hints: tuple[Any, ...]) -> dict[Any, Any]:
    _are(value, isinstance(value, Mapping))
    return {fitted(key, hints[0]): fitted(entry, hints[1]) for key, entry in value.items()}


def _words(hint: Any) -> str:
    """A type as a sentence names it."""
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_words(h) for h in get_args(hint))
    if get_origin(hint) is Literal:
        return " or ".join(map(repr, get_args(hint)))
    if hint is type(None):
        return "null"
    name = str(hint) if get_origin(hint) else getattr(hint, "__name__", str(hint))
    return {"int": "a whole number", "float": "a number", "str": "text", "bool": "true or false"}.get(name, name)
