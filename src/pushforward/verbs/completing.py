"""The completing of rows that a table's sampler is given in part: draws of what is missing, given what is there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data.codecs.after import refuse_without_start
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused, nearest
from pushforward.progress import tell
from pushforward.samplers import TableCDF
from pushforward.samplers.table_cdf import Asked
from pushforward.spaces import Batch
from pushforward.training import rng_preserved

PROPOSED, DRAWN = 64, 400_000
"""Draws of each row, at most, and of all together."""

BLOCK = 4000


def completed(
    sampler: TableCDF,
    codec: TableCodec,
    frame: pd.DataFrame,
    n: int | None,
    seed: int,
    label: Tensor | None = None,
    shares: Sequence[float] | None = None,
    told: bool = True,
) -> Batch:
    """Return rows with the given cells, the others drawn given these.

    Columns are drawn one after another; of several draws of a row one is taken by the likelihood of the given cells
    that come after drawn ones. Where all of these come first, one draw is exact.

    Args:
        sampler: in evaluation mode.
        codec: of the table.
        frame: some columns; a missing cell is drawn, of what is no missing cell.
        n: rows, which are taken in turn; None for each once.
        seed: of the noise.
        label: the class of each row, for a sampler that takes one, where the frame has none.
        shares: of the classes, by which they are drawn else.
        told: whether to say how many draws a row took.

    Raises:
        Refused: for columns that the data have not, and where nothing is given or nothing is left to draw.
    """
    points, asked, named = _asked(sampler, codec, frame)
    n = n or len(frame)
    row = torch.arange(n) % len(frame)
    known = asked.known[row]
    if points.label is not None:
        label = points.label[row]
    settled = label is not None or not sampler.classes
    tries = 1 if settled and _first(known) else max(1, min(PROPOSED, DRAWN // n))
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(seed)
        size, of = max(BLOCK // tries, 1), lambda i: None if label is None else label[i : i + size]
        pieces = [_chosen(sampler, points.x, asked, row[i : i + size], tries, of(i), shares) for i in range(0, n, size)]
    x, classes, worth = zip(*pieces, strict=True)
    if tries > 1 and told:
        effective, asked_first = float(torch.cat(worth).median()), ",".join(named)
        tell(f"Rows are completed by {tries} draws each, worth {effective:.1f} independent ones in the median; fitted "
             f"with --first {asked_first} one would do.")  # fmt: skip
    return Batch(torch.cat(x), torch.cat(classes) if sampler.classes else None)


def _chosen(
    sampler: TableCDF,
    x: Tensor,
    asked: Asked,
    row: Tensor,
    tries: int,
    label: Tensor | None,
    shares: Sequence[float] | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return one of several draws of each row by their weights, with its class, and how many draws they are worth."""
    rows = row.repeat_interleave(tries)
    labels = None if label is None else label.repeat_interleave(tries)
    if sampler.classes and labels is None:
        weights = torch.tensor(shares or [1.0] * sampler.classes, dtype=torch.float64)
        labels = torch.multinomial(weights, len(rows), replacement=True)
    part = Asked(asked.known[rows], {i: bar[rows] for i, bar in asked.barred.items()}).to(sampler.device)
    labels = labels.to(sampler.device) if labels is not None and sampler.classes else None
    y, log = sampler.completed(x[rows].to(sampler.device), sampler.draw_noise(len(rows)), part, labels)
    weight = log.view(-1, tries).double().softmax(1)
    best = torch.multinomial(weight, 1)[:, 0] + torch.arange(len(row), device=y.device) * tries
    picked = row.new_zeros(len(row)) if labels is None else labels[best].cpu()
    return y[best].cpu(), picked, 1 / weight.square().sum(1).cpu()


def _first(known: Tensor) -> bool:
    """Tell whether what is given comes before what is drawn, in every row."""
    return bool((known.int().diff(dim=1) <= 0).all())


def _asked(sampler: TableCDF, codec: TableCodec, frame: pd.DataFrame) -> tuple[Batch, Asked, list[str]]:
    """Return encoded rows, anything where a cell is to be drawn; which are given; and the names of their columns."""
    names = {str(name): name for name in codec.names}
    frame = frame.drop(columns=[name for name in frame if str(name) in {str(c.name) for c in codec.naming}])
    if unknown := [str(name) for name in frame if str(name) not in names]:
        raise Refused(
            f"--given has a column '{unknown[0]}', which the data have not; {nearest(unknown[0], list(names))}"
        )
    frame = frame.rename(columns=lambda name: names[str(name)]).reset_index(drop=True)
    there = frame.notna()
    refuse_without_start(codec.after, there)
    wanted = [name for name in codec.modelled if name in frame]
    if not wanted or (len(wanted) == len(codec.modelled) and there[wanted].all(axis=None)):
        raise Refused(
            f"--given must hold some of the cells of the columns {', '.join(map(str, codec.modelled))}, not all, got "
            f"{'none' if not wanted else 'all'}."
        )
    label = codec.label_column
    if label in frame and not there[label].all():
        raise Refused(f"--given has the class {label!r} of some rows; give that of all, or of none.")
    whole: Any = codec.without_index().decode(Batch(torch.zeros(len(frame), codec.space.dim)))
    for name in frame:
        anything = whole.get(name)
        whole[name] = frame[name].astype(object).where(there[name], anything).infer_objects()
    points = codec.encode(whole)
    owners = _owners(sampler, codec)
    known = np.stack([
        np.zeros(len(frame), dtype=bool) if owner not in frame
        else np.ones(len(frame), dtype=bool) if indicator else there[owner].to_numpy()
        for owner, indicator in owners
    ], 1)  # fmt: skip
    barred = {
        i: torch.from_numpy(~there[c.column].to_numpy())
        for i, (owner, _) in enumerate(owners)
        for c in codec.levels
        if c.column == owner and owner in frame and c.absent is not None
    }
    return points, Asked(torch.from_numpy(known), barred), [str(name) for name in wanted]


def _owners(sampler: TableCDF, codec: TableCodec) -> list[tuple[str | int, bool]]:
    """Return the column of each digit group in the order of drawing, and whether it says that a number is missing."""
    starts = np.cumsum([0, *(block.size for _, block in codec.blocks)])
    at = {int(start): i for i, start in enumerate(starts[:-1])}
    gaps = {gap.column for gap in codec.gaps}
    found = [codec.blocks[at[place.start]] for place in sampler.places]
    return [(name, name in gaps and hasattr(block, "levels")) for name, block in found]
