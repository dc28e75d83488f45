"""The samples of a table that meet conditions: drawn by parts and weights where a sampler can, else thrown away."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from pushforward.data.codecs.rules import cells_of
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused, nearest
from pushforward.progress import tell
from pushforward.samplers import Sampler, TableCDF
from pushforward.spaces import Batch
from pushforward.training import draw_samples, rng_preserved, subseed
from pushforward.verbs.conditions import Condition, conditions_of, numbered
from pushforward.verbs.kept_parts import parts_of
from pushforward.verbs.sifting import Sieve

PROPOSED = 8
"""Points that are drawn for each sample, of which weights choose."""

LEAST, MOST = 4_000, 400_000
"""How many these are at least, and at most."""

FEWEST = 20.0
"""The effective sample size below which nothing is drawn."""

BLOCK = 4000


def balanced(codec: object, column: str, n: int, seed: int, draw: Callable[[str, int, int], Batch]) -> Batch:
    """Return n samples of which equally many have each level of a column.

    Args:
        codec: of the data, a table.
        column: of levels, or that of the classes.
        n: number of samples.
        seed: of the noise.
        draw: gives samples that meet conditions: so many, by a seed.

    Raises:
        Refused: for a column of numbers, and for levels that hardly a sample has.
    """
    names = codec.names if isinstance(codec, TableCodec) else ()
    if not isinstance(codec, TableCodec) or column not in map(str, names):
        raise Refused(f"--balance names no column of the data: {column!r}; {nearest(column, list(map(str, names)))}")
    held = next((c.values for c in codec.levels if str(c.column) == column and not c.rare), None)
    if held is None and codec.labels is not None and str(codec.label_column) == column:
        held = codec.labels.values
    if held is None:
        raise Refused(f"--balance names a column of levels, got {column!r}, which holds numbers or rare levels.")
    parts = []
    for i, level in enumerate(held):
        count = n // len(held) + (i < n % len(held))
        text = f"`{column}` == {level!r}"
        parts += [draw(text, count, subseed(seed, f"level {i}"))] if count else []
    order = torch.randperm(n, generator=torch.Generator().manual_seed(subseed(seed, "order")))
    return Batch.joined(parts).rows(order)


def on_cpu(batch: Batch) -> Batch:
    """Return samples as they are handed over: in float32, on the processor."""
    return batch._replace(x=batch.x.float()).to("cpu")


def draw_where(
    sampler: Sampler,
    codec: object,
    text: str,
    n: int,
    seed: int,
    shares: Sequence[float] | None = None,
    told: bool = True,
) -> Batch:
    """Return n samples that meet conditions.

    Args:
        sampler: in evaluation mode.
        codec: of the data, a table.
        text: the conditions.
        n: number of samples.
        seed: of the noise.
        shares: of the classes, for a sampler that takes labels.
        told: whether to say how many draws meet them.

    Raises:
        Refused: for conditions that cannot be read, or that next to no sample meets.
    """
    if not isinstance(codec, TableCodec):
        raise Refused("--where asks for values of columns, and the data have none; leave it out.")
    conditions = conditions_of(text, codec.names)
    _refuse_rare(codec, conditions)
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(seed)
        classes = _classes(codec, conditions, sampler, shares)
        if isinstance(sampler, TableCDF):
            batch, said = _weighted(sampler, codec, conditions, text, n, classes)
        else:
            batch, said = _thrown(sampler, codec, conditions, text, n, classes)
    if told:
        tell(said)
    return batch


def _refuse_rare(codec: TableCodec, conditions: Sequence[Condition]) -> None:
    """Refuse conditions that some of a column's rare levels meet and others do not, since they are drawn together."""
    for levels in (c for c in codec.levels if c.rare):
        asked = [c for c in conditions if c.column == levels.column]
        met = np.all([c.meets(levels.rare) for c in asked], axis=0) if asked else np.ones(1, dtype=bool)
        if met.any() and not met.all():
            usual = ", ".join(map(str, levels.values[:10])) or "there are none"
            raise Refused(
                f"--where is met by {int(met.sum())} of {len(met)} rare levels of {levels.column!r}, which are drawn "
                f"together; ask for all of them, or for frequent ones: {usual}."
            )


def _classes(
    codec: TableCodec, conditions: Sequence[Condition], sampler: Sampler, shares: Sequence[float] | None
) -> Tensor | None:
    """Return the weight of each class that meets its conditions; None for a sampler that takes no labels."""
    if not sampler.classes and any(c.column == codec.label_column for c in conditions):
        raise Refused(f"--where asks for classes, {codec.label_column!r}, and the sampler makes none; leave it out.")
    if not sampler.classes or codec.labels is None:
        return None
    weights = torch.tensor(shares or [1.0 / sampler.classes] * sampler.classes, dtype=torch.float64)
    for condition in conditions:
        if condition.column == codec.label_column:
            weights = weights * torch.from_numpy(condition.meets(list(codec.labels.values)))
    if not weights.sum() > 0:
        raise Refused(f"--where is met by none of the classes {', '.join(codec.labels.names)}.")
    return weights


def _weighted(
    sampler: TableCDF, codec: TableCodec, conditions: Sequence[Condition], text: str, n: int, classes: Tensor | None
) -> tuple[Batch, str]:
    """Return n of many points that are drawn within the conditions, chosen by their weights, and how many these are."""
    kept = parts_of(sampler, codec, conditions)
    count = min(max(PROPOSED * n, LEAST), MOST)
    label = None if classes is None else torch.multinomial(classes, count, replacement=True)
    points, logs = [], []
    for i in range(0, count, BLOCK):
        size = min(BLOCK, count - i)
        of_class = None if label is None else label[i : i + size].to(sampler.device)
        x, weight = sampler.weighted(sampler.draw_noise(size), kept, of_class)
        points.append(x.cpu())
        logs.append(weight.double().cpu().masked_fill(~_met_later(codec, conditions, Batch(x.cpu())), -torch.inf))
    log = torch.cat(logs)
    weight = (log - log.max()).exp() if log.max().isfinite() else torch.zeros_like(log)
    effective = float(weight.sum() ** 2 / weight.square().sum()) if bool(weight.any()) else 0.0
    share = float(log.exp().mean()) * (1.0 if classes is None else float(classes.sum()))
    if effective < FEWEST:
        raise Refused(
            f"--where {text!r} is met by so few rows (a share of about {share:.1g}) that {count:,} draws are worth "
            f"{effective:.0f}, and {FEWEST:.0f} are needed; ask for less at once."
        )
    said = (
        f"A share of about {share:.3g} of all rows meets {text}; {count:,} draws within it are worth {effective:,.0f}"
        + (f", so that some of the {n:,} samples are the same." if effective < 2 * n else ".")
    )
    place = torch.searchsorted((weight / weight.sum()).cumsum(0), (torch.arange(n) + torch.rand(n)).double() / n)
    place = place.clamp(max=count - 1)[torch.randperm(n)]
    return Batch(torch.cat(points)[place], None if label is None else label[place]), said


def _met_later(codec: TableCodec, conditions: Sequence[Condition], batch: Batch) -> Tensor:
    """Return which points meet the conditions on dates that are modelled as times since others, which have no parts."""
    asked = [c for c in conditions if c.column in {a.column for a in codec.after}]
    if not asked:
        return torch.ones(len(batch.x), dtype=torch.bool)
    return _met(codec, [numbered(c, codec.coded, compared=True) for c in asked], batch)


def _met(codec: TableCodec, conditions: Sequence[Condition], batch: Batch) -> Tensor:
    """Return which points meet conditions, dates in seconds."""
    values = cells_of(codec.decode(batch), codec.coded)
    return torch.from_numpy(np.all([c.meets(values[c.column]) for c in conditions], axis=0))


def _thrown(
    sampler: Sampler, codec: TableCodec, conditions: Sequence[Condition], text: str, n: int, classes: Tensor | None
) -> tuple[Batch, str]:
    """Return n samples that meet the conditions, of at most 400,000 that are drawn, and how many do."""
    timed = [numbered(condition, codec.coded, compared=True) for condition in conditions]

    def draw(_: int) -> Batch:
        label = None if classes is None else torch.multinomial(classes, BLOCK, replacement=True)
        return on_cpu(draw_samples(sampler, BLOCK, int(torch.randint(2**31, ())), label))

    says, remedy = f"--where {text!r} is met by", "ask for fewer, or fit table-cdf, which draws within conditions"
    batch, drawn, met = Sieve(draw, lambda batch, _: _met(codec, timed, batch), MOST, says, remedy).kept(n)
    return batch, f"{100 * met / drawn:.2g} % of {drawn:,} samples meet {text}; the others are thrown away."
