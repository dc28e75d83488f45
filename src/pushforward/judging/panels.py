"""The arrays that the page draws: examples, what was missed, copies, classes, and what the critic sees."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from pushforward.features import Features, Identity
from pushforward.judging import Judgement
from pushforward.judging.case import Case
from pushforward.judging.table_panels import table_panels
from pushforward.metrics import Classes, Memorisation
from pushforward.metrics.diagnosis.where import Place
from pushforward.metrics.numerics.checked_arrays import draw_indices, generator
from pushforward.progress import step
from pushforward.spaces import Batch, Columns, Image, OneOf, Space

PICTURES, POINTS, PAIRS = 64, 2000, 14


@step("choosing what the page shows")
def panels(case: Case, found: Judgement, f: Features) -> dict[str, np.ndarray]:
    """Return the arrays of a case that `report` draws.

    Args:
        case: that was judged.
        found: on it.
        f: the space in which it was judged.
    """
    show, space = case.data.codec.show, case.data.space
    most = PICTURES if isinstance(space, Image) else POINTS
    arrays = {
        f"{name}_examples": show(_random_rows(batch, most)) for name, batch in (("data", case.x), ("sample", case.y))
    }
    points = [_random_rows(batch, POINTS).x.flatten(1) for batch in (case.x, case.y)]
    both = plane(*(f(x) if isinstance(f.map, Identity) else x for x in points))  # in the units that were compared
    arrays["original_data"], arrays["original_samples"] = both
    if found.where is not None:
        for name, batch, place in (("missed", case.x, found.where.missed), ("over", case.y, found.where.over)):
            arrays |= _place(name, show(batch.rows(list(place.rows))), place)
    if found.copied is not None and case.train is not None:
        arrays |= _copies(show, case, found.copied)
    if found.classes is not None:
        arrays |= _classes(found.classes)
    if case.density_of_rows is not None and bool(case.density_of_rows.isfinite().all()):
        arrays["held_out_likelihood"] = case.density_of_rows.numpy()
    if (table := found.table) is not None and isinstance(space, Columns):
        arrays |= table_panels(case, space, table.telltale)
    return arrays | column_names(space)


def column_names(space: Space) -> dict[str, np.ndarray]:
    """Return what the columns shown are called, and what their numbers stand for; nothing for points without names."""
    if not isinstance(space, Columns):
        return {}
    return {"columns": np.array(space.names)} | ({"levels": _levels(space)} if space.choices else {})


def _levels(space: Columns) -> np.ndarray:
    """The levels of each column, (columns, most levels), filled up with empty texts: what the numbers shown stand for.

    The level of all values that the data do not hold, which judges add, is shown as such.
    """
    known = [block.levels if isinstance(block, OneOf) else () for block in space.blocks]
    most = max(map(len, known))
    return np.array([[*levels, *[""] * (most - len(levels))] for levels in known])


def plane(x: Tensor, y: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return both clouds on the first two principal axes of x; in two dimensions as they are, in one with zeros."""
    x, y = x.double(), y.double()
    if x.shape[1] > 2:
        center = x.mean(0)
        axes = torch.linalg.svd(x - center, full_matrices=False)[2][:2].T
        x, y = (x - center) @ axes, (y - center) @ axes
    if x.shape[1] == 1:
        x, y = (torch.nn.functional.pad(z, (0, 1)) for z in (x, y))
    return x.float().numpy(), y.float().numpy()


def _place(name: str, shown: np.ndarray, place: Place) -> dict[str, np.ndarray]:
    return {
        f"{name}_examples": shown,
        f"{name}_scores": np.array(place.witness),
        f"{name}_ratios": np.array(place.ratio),
    }


def _copies(show: Callable[[Batch], np.ndarray], case: Case, copied: Memorisation) -> dict[str, np.ndarray]:
    """The samples nearest to training rows, and those rows."""
    assert case.train is not None  # they were compared with it
    # Further samples may have been drawn for the test alone, and stand last.
    shown = [pair for pair in copied.closest if pair[0] < len(case.y.x)][:PAIRS]
    samples, train = ([pair[side] for pair in shown] for side in (0, 1))
    return {"closest_samples": show(case.y.rows(samples)), "closest_train": show(case.train.rows(train))}


def _classes(found: Classes) -> dict[str, np.ndarray]:
    return {
        "class_names": np.array(found.names),
        "class_data": np.array(found.data),
        "class_samples": np.array(found.samples),
    }


def _random_rows(batch: Batch, most: int) -> Batch:
    """Return rows drawn at random, the same ones each time: other programs' samples may be sorted."""
    return batch.rows(draw_indices(len(batch.x), most, generator(0)))
