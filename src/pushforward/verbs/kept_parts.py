"""The parts of a table's columns that meet conditions, as a sampler of digits takes them."""

import ast
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.samplers import TableCDF
from pushforward.samplers.digits import Kept, LevelDigits, RankDigits
from pushforward.verbs.conditions import Condition, numbered


def parts_of(sampler: TableCDF, codec: TableCodec, conditions: Sequence[Condition]) -> dict[int, Kept]:
    """Return the part of each column that meets the conditions on it, by its place in the order of drawing.

    Raises:
        Refused: for a column that is not modelled, and where no value of one meets them.
    """
    starts = np.cumsum([0, *(block.size for _, block in codec.blocks)])
    at = {place.start: i for i, place in enumerate(sampler.places)}
    columns, kept = list(sampler.columns), dict[int, Kept]()
    elsewhere = {codec.label_column, *(a.column for a in codec.after)}
    for name in dict.fromkeys(c.column for c in conditions if c.column not in elsewhere):
        asked = [numbered(c, codec.coded) for c in conditions if c.column == name]
        here = [at[int(starts[i])] for i, (owner, _) in enumerate(codec.blocks) if owner == name]
        if not here:
            raise Refused(f"--where asks for values of {name!r}, which is the same in all rows, or not modelled.")
        levels = next((c for c in codec.levels if c.column == name), None)
        for i in here:
            digits = columns[i]
            cells: list[object] = [0.0, None]  # there, and missing
            if levels is not None:
                cells = [*levels.values, *levels.rare[:1], *([None] if levels.absent is not None else [])]
            of_cells = [c for c in asked if levels is not None or c.of_missing is not None]
            if isinstance(digits, LevelDigits):
                met = np.all([c.meets(cells) for c in of_cells], axis=0) if of_cells else np.array([True, False])
                kept[i] = Kept(digits, torch.from_numpy(met.astype(np.float32)).to(sampler.device))
            else:
                assert isinstance(digits, RankDigits)
                kept[i] = _range(digits, codec, name, [c for c in asked if c.of_missing is None])
            if not kept[i].share.any() and not any(c.of_missing for c in asked):
                raise Refused(f"--where is met by no value of {name!r} in the data; {_seen(codec, name, digits)}.")
    return kept


def _range(digits: RankDigits, codec: TableCodec, name: str | int, asked: Sequence[Condition]) -> Kept:
    """Return the part of each cell of a column of numbers that meets conditions, in the data's unit and decimals."""
    i = codec.numbers.index(name)
    unit = lambda u: u.double().cpu().numpy() * codec.standard.std[i] + codec.standard.mean[i]
    low, high = (unit(end) for end in digits.ends())
    places = codec.decimals[i]
    half = 0.0 if places is None else 0.5 * 10.0**-places
    atoms = high <= low
    values = low if places is None else np.round(low, places)
    first, last = low.copy(), high.copy()
    whole = np.ones(len(low), dtype=bool)
    for condition in asked:
        if not isinstance(condition.value, int | float | list | tuple | set):
            raise Refused(f"--where compares {name!r}, a column of numbers, with {condition.value!r}; give a number.")
        whole &= ~atoms | condition.meets(values.tolist())
        bottom, top = _bounds(condition if places is None else _on_grid(condition, places), half)
        first, last = np.maximum(first, bottom), np.minimum(last, top)
    width = np.where(atoms, 1.0, high - low)
    start, end = (np.where(atoms, ~whole if flip else whole, (v - low) / width) for flip, v in ((1, first), (0, last)))
    clipped = (torch.from_numpy(np.clip(v.astype(np.float64), 0, 1)).to(digits.low) for v in (start, end))
    begin, stop = clipped
    nothing = torch.from_numpy(~atoms & (last <= first)).to(begin.device)
    return digits.kept(begin.masked_fill(nothing, 1.0), stop.masked_fill(nothing, 0.0))


def _on_grid(condition: Condition, places: int) -> Condition:
    """Return the same condition on multiples of a step: one whose value is a multiple of it, of none for `in []`."""
    value, up = condition.value, condition.kind in (ast.Gt, ast.GtE)
    if not isinstance(value, int | float):
        return condition
    near, step = round(value, places), 10.0**-places
    if abs(near - value) <= 1e-9 * max(abs(value), step):
        return replace(condition, value=near)
    if condition.kind is ast.Eq:
        return replace(condition, kind=ast.In, value=[])
    if condition.kind is ast.NotEq:
        return condition
    ends = near + step * ((near < value) if up else -(near > value))
    return replace(condition, kind=ast.GtE if up else ast.LtE, value=ends)


def _bounds(condition: Condition, half: float) -> tuple[float, float]:
    """Return the interval of a condition on values that are rounded afterwards, by half a step to either side.

    Raises:
        Refused: for values that are none of an interval, where a column has no repeated ones.
    """
    kind, value = condition.kind, condition.value
    if kind is ast.Eq and half:
        return value - half, value + half
    if kind in (ast.Gt, ast.GtE):
        return value + (half if kind is ast.Gt else -half), np.inf
    if kind in (ast.Lt, ast.LtE):
        return -np.inf, value + (half if kind is ast.LtE else -half)
    if kind is ast.NotEq:
        return -np.inf, np.inf
    return np.inf, -np.inf  # several values, which atoms alone can meet


def _seen(codec: TableCodec, name: str | int, digits: object) -> str:
    """Return what values a column has."""
    levels = next((c for c in codec.levels if c.column == name), None)
    if levels is not None:
        return f"it holds {', '.join(map(str, levels.values[:10]))}{', …' if len(levels.values) > 10 else ''}"
    if not isinstance(digits, RankDigits):
        return "none is missing" if not codec.gaps else "ask for other values"
    i, (low, high) = codec.numbers.index(name), digits.ends()
    ends = (float(v) * codec.standard.std[i] + codec.standard.mean[i] for v in (low[0], high[-1]))
    return "it holds numbers from {:g} to {:g}".format(*ends)
