"""The protocol of a number: cited in one line, and compared before two numbers are."""

from collections.abc import Mapping
from typing import Any

from pushforward.errors import Refused

FREE = frozenset({"version", "line"})
"""Entries that do not change a number, at any depth."""

FOUND = frozenset({"arithmetic", "floor"})
"""Entries that were found and not chosen: an arithmetic is only taken where it changes less than the error."""

UNSAID = frozenset({"metric", "parts", "spread"})
"""Options that the line leaves out."""


def flat(protocol: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested entries under dotted names, those without a value left out.

    Example:
        >>> flat({"features": {"layer": "768", "hash": None}, "seed": 0})
        {'features.layer': '768', 'seed': 0}
    """
    found: dict[str, Any] = {}
    for key, value in protocol.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{key}.")
        elif value is not None and key not in FREE:
            found[f"{prefix}{key}"] = value
    return found


def line(protocol: Mapping[str, Any]) -> str:
    """Return the protocol as one line that can be cited.

    Example:
        >>> line({"features": {"features": "pixels"}, "metrics": {"kid": {"degree": 3}}, "seed": 0})
        'features pixels; kid degree 3; seed 0.'
    """
    parts = []
    for key, value in protocol.items():
        if key == "metrics":
            parts += [" ".join([name, *_options(options)]) for name, options in value.items()]
        elif isinstance(value, Mapping):
            parts.append(", ".join(_options(value)))
        elif value is not None and key != "line":
            parts.append(f"{key} {value}")
    return "; ".join(parts) + "."


def _options(options: Mapping[str, Any]) -> list[str]:
    """Return names with values; of nested entries the inner ones, in brackets."""
    said = {k: f"({', '.join(_options(v))})" if isinstance(v, Mapping) else v for k, v in options.items()}
    return [f"{key} {value}" for key, value in said.items() if value is not None and key not in UNSAID]


def arithmetic(used: Mapping[str, str]) -> str:
    """The arithmetic of all numbers, and which of them took another.

    Args:
        used: by the name of each number.

    Example:
        >>> arithmetic({"fid": "float64", "kid": "bfloat16"})
        'float64, kid in bfloat16'
    """
    return ", ".join(["float64", *(f"{name} in {how}" for name, how in used.items() if how != "float64")])


def comparable(
    a: Mapping[str, Any], b: Mapping[str, Any], names: tuple[str, str] = ("the first", "the second")
) -> None:
    """Refuse to compare two numbers whose protocols differ in anything that changes one.

    Args:
        a: of one result.
        b: of the other.
        names: of the two, for the sentence.

    Raises:
        Refused: with the differences named.
    Example:
        >>> comparable({"resize": "pil-bicubic"}, {"resize": "tf1-bilinear"})
        Traceback (most recent call last):
        ...
        pushforward.errors.Refused: not comparable: resize is 'pil-bicubic' in the first and 'tf1-bilinear' in the...
    """
    p, q = (flat({key: value for key, value in protocol.items() if key not in FOUND}) for protocol in (a, b))
    differing = [key for key in dict.fromkeys([*p, *q]) if p.get(key) != q.get(key)]
    if differing:
        said = [f"{key} is {p.get(key)!r} in {names[0]} and {q.get(key)!r} in {names[1]}" for key in differing]
        raise Refused(f"not comparable: {'; '.join(said)}; measure both in the same way.")
