"""The strip of a score: its value with its error, before what parts of the data score against each other."""

from collections.abc import Mapping
from typing import Any

from pushforward.report.figures.drawing import FAINT, INK

WIDTH, HEIGHT, EDGE = 150.0, 18.0, 6.0


def strip(score: Mapping[str, Any], spread: float | int | None = None) -> bytes | None:
    """Return an SVG of the interval (else two errors either way) in ink, before the floor's band in grey.

    Args:
        score: its JSON form.
        spread: of its floor.

    Returns:
        None where there is neither an error nor a floor, so that a scale would mean nothing.
    """
    value, reach = score.get("value"), _reach(score)
    floor = score.get("floor")
    band = None if floor is None else (floor - 2 * (spread or 0.0), floor + 2 * (spread or 0.0))
    if value is None or (reach is None and band is None):
        return None
    ends = [value, *(reach or ()), *(band or ())]
    low, high = min(ends), max(ends)
    if high == low:
        return None
    x = lambda v: EDGE + (v - low) / (high - low) * (WIDTH - 2 * EDGE)
    middle = HEIGHT / 2
    parts = []
    if band is not None:
        width = max(x(band[1]) - x(band[0]), 2.0)
        parts.append(f'<rect x="{x(band[0]):.1f}" y="2" width="{width:.1f}" height="{HEIGHT - 4:g}" fill="{FAINT}"/>')
    if reach is not None:
        parts.append(f'<path d="M{x(reach[0]):.1f} {middle}H{x(reach[1]):.1f}" stroke="{INK}" stroke-width="1.6"/>')
    parts.append(f'<circle cx="{x(value):.1f}" cy="{middle}" r="3.2" fill="{INK}"/>')
    size = f'width="{WIDTH:g}" height="{HEIGHT:g}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    return f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'.encode()


def _reach(score: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the interval, else two errors or spreads either way."""
    if score.get("interval"):
        low, high = score["interval"]
        return float(low), float(high)
    value, error = score.get("value"), score.get("stderr") or score.get("spread")
    return None if error is None or value is None else (float(value - 2 * error), float(value + 2 * error))
