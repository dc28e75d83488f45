"""The form of numbers in a sentence or a table: as many digits as their error bar supports."""

from collections.abc import Mapping
from math import floor, isfinite, log10
from typing import Any

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "\u2212"
TIMES = "\u00a0×\u00a0"  # never broken over two lines


def number(value: float | int | None, digits: int = 3) -> str:
    r"""Return the value to so many significant digits, with a power of ten where zeros would have to be counted.

    Example:
        >>> number(0.01234), number(-2e-6), number(12345.6), number(None)
        ('0.0123', '−2\xa0×\xa010⁻⁶', '12,346', '–')
    """
    if value is None or not isfinite(value):
        return "–"
    if value != 0 and not 1e-3 <= abs(value) < 1e7:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}{TIMES}10{str(int(exponent)).translate(SUPERSCRIPTS)}".replace("-", MINUS)
    return fixed(value, digits - 1 - floor(log10(abs(value))) if value else 0)


def fixed(value: float | int, places: int) -> str:
    """Return the value to so many decimal places, thousands separated."""
    return f"{value:,.{max(0, min(places, 12))}f}".replace("-", MINUS)


def with_error(score: Mapping[str, Any]) -> str:
    """Return value ± standard error (else spread), both to the second significant digit of the error.

    Example:
        >>> with_error({"value": 0.012345, "stderr": 0.00123}), with_error({"value": 0.9, "stderr": None})
        ('0.0123 ± 0.0012', '0.900')
    """
    value, error = score.get("value"), score.get("stderr") or score.get("spread")
    if value is None or not error or not isfinite(value) or not isfinite(error):
        return number(value)
    if max(abs(value), error) < 1e-2:
        return _scaled(value, error)
    places = 1 - floor(log10(error))
    return f"{fixed(value, places)} ± {fixed(error, places)}"


def _scaled(value: float, error: float) -> str:
    """Return both over a common power of ten, for values that begin with many zeros."""
    exponent = floor(log10(max(abs(value), error)))
    places = max(0, 1 - floor(log10(error)) + exponent)
    scale = 10.0**exponent
    power = str(exponent).translate(SUPERSCRIPTS)
    return f"({fixed(value / scale, places)} ± {fixed(error / scale, places)}){TIMES}10{power}"


def value_and_error(score: Mapping[str, Any]) -> tuple[str, str]:
    """Return the value, and its error as text of its own; a common power of ten goes to both.

    Example:
        >>> value_and_error({"value": 0.94, "stderr": 0.012}), value_and_error({"value": 0.9, "stderr": None})
        (('0.940', '± 0.012'), ('0.900', ''))
    """
    value, _, error = with_error(score).partition(" ± ")
    if value.startswith("("):
        error, _, power = error.partition(")")
        return f"{value[1:]}{power}", f"± {error}{power}"
    return value, f"± {error}" if error else ""


def interval(bounds: Any) -> str:
    """Return an interval as [low, high], or a dash.

    Example:
        >>> interval([0.01, 0.02]), interval(None)
        ('[0.0100, 0.0200]', '–')
    """
    return f"[{number(bounds[0])}, {number(bounds[1])}]" if bounds else "–"


def p_value(value: float | int | None) -> str:
    """Return a p-value to two significant digits, never as zero.

    Example:
        >>> p_value(0.0312), p_value(0.5)
        ('0.031', '0.50')
    """
    return number(value, digits=2)


def duration(seconds: float | int) -> str:
    """Return a time in seconds, minutes or hours, whichever is read at a glance.

    Example:
        >>> duration(70), duration(42.3), duration(7300)
        ('1 min 10 s', '42 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def plainly(value: Any) -> str:
    """Return any plain value of a JSON file in words, a value of a class as its call.

    Example:
        >>> plainly([2, 0.5]), plainly(True), plainly({"class_path": "networks.MLP", "init_args": {"width": 64}})
        ('2, 0.5', 'yes', 'MLP(width 64)')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value).replace("-", MINUS)  # not 2,024: it may be a year or a seed
    if isinstance(value, float):
        return f"{value:.6g}".replace("-", MINUS)
    if isinstance(value, Mapping) and "class_path" in value:
        return f"{str(value['class_path']).rpartition('.')[2]}({plainly(value.get('init_args') or {})})"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {plainly(entry)}" for name, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plainly(entry) for entry in value)
    return str(value)
