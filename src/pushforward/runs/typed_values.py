"""The check that values read from a file are of the types that whatever takes them asks for, before any call."""

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pushforward.errors import Refused, nearest

LARGEST = 2**63
"""The bound that whole numbers must stay below, in size."""

SHOWN = 60
"""The number of characters of a refused value that are quoted."""


class Unfit(ValueError):
    """A value is not of the type that was asked for."""


def arguments(values: Any, of: Callable[..., Any], whose: str, skip: int = 0) -> dict[str, Any]:
    """Return the arguments of a call, each of the type in its signature: lists as tuples, whole numbers as floats.

    Args:
        values: from a file; must be a mapping of names to values.
        of: a class or a function whose parameters are annotated.
        whose: begins the sentence that refuses them, such as "Gaussian in runs/a/call.yaml".
        skip: parameters at the beginning that the file does not give.

    Raises:
        Refused: naming the first argument that is unknown, missing or of another type.
    """
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise Refused(f"{whose} must have arguments by name, got {shown(values)}.")
    parameters = dict(list(signature(of).parameters.items())[skip:])
    for name in values:
        if name not in parameters:
            raise Refused(f"{whose} has no option {shown(name)}; {nearest(name, list(parameters))}")
    lacking = [n for n, p in parameters.items() if p.default is Parameter.empty and n not in values]
    if lacking:
        raise Refused(f"{whose} lacks {' and '.join(lacking)}; restore the file.")
    return options(values, of, whose)


def options(values: Mapping[str, Any], of: Callable[..., Any], whose: str) -> dict[str, Any]:
    """Return some of the arguments of a call, each of the type in its signature; see `arguments`."""
    hints = get_type_hints(of)
    return {name: _argument(value, hints.get(name, Any), name, whose) for name, value in values.items()}


def called(kind: type, given: Any, whose: str) -> Any:
    """Return what a class makes of the arguments that a file gives.

    Args:
        kind: the class.
        given: its arguments by name.
        whose: as in `arguments`.

    Raises:
        Refused: for arguments that it does not take.
    """
    checked = arguments(given, kind, whose)
    try:
        return kind(**checked)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise error if isinstance(error, Refused) else Refused(f"{whose} cannot be made: {error}.") from error


def _argument(value: Any, hint: Any, name: str, whose: str) -> Any:
    try:
        return as_type(value, hint)
    except Unfit as error:
        raise Refused(f"{name} of {whose} must be {_type_name(hint)}, got {shown(value)}.") from error


def as_type(value: Any, hint: Any) -> Any:
    """Return the value as that type has it: lists as tuples, whole numbers as floats, entries by name as a dataclass.

    Raises:
        Unfit: if it is of another type, or a number that is not finite or has more than 64 bits.
    Example:
        >>> as_type([1, 2], tuple[float, ...])
        (1.0, 2.0)
    """
    if hint is Any or isinstance(hint, TypeVar):
        return value
    if hint in PLAIN:
        return PLAIN[hint](value)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _first_fitting(value, get_args(hint))
    if origin is Literal:
        return _require(value, value in get_args(hint) if isinstance(value, str | int) else False)
    if origin in (tuple, list, Sequence):
        return _sequence(value, origin, get_args(hint))
    if origin in (dict, Mapping):
        return _entries(value, get_args(hint))
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return hint(**arguments(value, hint, hint.__name__))
    return _require(value, isinstance(value, origin or hint))


def shown(value: Any) -> str:
    """Return the beginning of a value, as Python writes it."""
    text = repr(value) if not isinstance(value, int) or abs(value) < LARGEST else "a number of more than 64 bits"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _number(value: Any) -> float:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST
    return float(_require(value, whole or (isinstance(value, float) and math.isfinite(value))))


def _whole(value: Any) -> int:
    number: int = _require(value, isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST)
    return number


PLAIN: dict[Any, Callable[[Any], Any]] = {
    float: _number,
    int: _whole,
    str: lambda value: _require(value, isinstance(value, str)),
    bool: lambda value: _require(value, isinstance(value, bool)),
    type(None): lambda value: _require(value, value is None),
}


def _require(value: Any, fits: bool) -> Any:
    """Return the value if it fits, and raise `Unfit` if not."""
    if not fits:
        raise Unfit
    return value


def _first_fitting(value: Any, hints: tuple[Any, ...]) -> Any:
    """Return the value as the first of several types that takes it; a whole number stays one where it may.

    Of several dataclasses, entries by name are that which has most of the names.
    """
    kinds = [hint for hint in hints if is_dataclass(hint)]
    if isinstance(value, Mapping) and len(kinds) > 1:
        return as_type(value, max(kinds, key=lambda kind: len(value.keys() & {f.name for f in fields(kind)})))
    for hint in sorted(hints, key=lambda h: h is float):
        try:
            return as_type(value, hint)
        except Unfit:
            continue
    raise Unfit


def _sequence(value: Any, kind: Any, hints: tuple[Any, ...]) -> Any:
    _require(value, isinstance(value, list | tuple))
    if kind is tuple and (len(hints) != 2 or hints[1] is not Ellipsis):
        _require(value, len(value) == len(hints))
        return tuple(as_type(entry, hint) for entry, hint in zip(value, hints, strict=True))
    entries = (as_type(entry, hints[0]) for entry in value)
    return list(entries) if kind is list else tuple(entries)


def _entries(value: Any, hints: tuple[Any, ...]) -> dict[Any, Any]:
    _require(value, isinstance(value, Mapping))
    return {as_type(key, hints[0]): as_type(entry, hints[1]) for key, entry in value.items()}


def _type_name(hint: Any) -> str:
    """Return the name of a type in a sentence."""
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_type_name(h) for h in get_args(hint))
    if get_origin(hint) is Literal:
        return " or ".join(map(repr, get_args(hint)))
    if hint is type(None):
        return "null"
    name = str(hint) if get_origin(hint) else getattr(hint, "__name__", str(hint))
    return {"int": "a whole number", "float": "a number", "str": "text", "bool": "true or false"}.get(name, name)
