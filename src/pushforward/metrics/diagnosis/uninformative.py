"""A trial of the neighbour scores: whether they tell plainly wrong samples from data at these sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.base import Score
from pushforward.metrics.numerics.checked_arrays import generator
from pushforward.metrics.scores.prdc import BALLS, PRDC
from pushforward.metrics.uncertainty.floor import part_sizes, splits

PARTNER = MappingProxyType({"precision": "recall", "recall": "precision", "density": "coverage", "coverage": "density"})
"""What sees the faults that a score is blind to by design: a constant is precise, wide noise reaches all."""

SPREADS = 2.0
"""Within so many spreads of the data's own score, wrong samples count as not told apart."""

AGAINST = 4.0
"""So many spreads below what data score against data, even a blind score speaks against the samples."""

DEPENDENT = 4.0
"""Deviations of shuffled columns' correlations from which on those of the data are said not to be chance."""

STEPS = (300, 1000)
"""Rows of a part: what a score can tell with few it can tell with more, so more are tried only where few are blind."""

SPLITS = 5
"""Random splits of the data."""

PROBED = (500, 256)
"""Rows and columns on which dependence is looked for, at most."""


@dataclass(frozen=True)
class Trial:
    """The mean scores of one kind of samples against data at the sizes of the floor, and their spread.

    Args:
        mean: by the name of the score, over the splits.
        spread: standard deviation over the splits.
    """

    mean: Mapping[str, float]
    spread: Mapping[str, float]


def uninformative(
    metric: PRDC, x: Float[Tensor, "n d"], m: int, scores: Mapping[str, Score], *, seed: int = 0
) -> dict[str, str]:
    """Return why a score means nothing, by its name, for those that mean nothing at these sizes.

    A score is blind where samples that are wrong beyond doubt come within two spreads of what data score against data
    at these sizes, and its partner does not show the samples at hand to be better than they. Such samples are the mean
    row, repeated; and rows whose columns were shuffled independently, with twice their spread where the columns are
    independent anyhow. What a blind score says in favour of samples means nothing; what it says against them stands.

    Args:
        metric: with the neighbour that sets the radii.
        x: data.
        m: samples.
        scores: the four scores of the samples at hand.
        seed: of splits and shuffles.
    """
    least = metric.least_samples
    if len(x) < 2 * least:
        few = f"{len(x)} rows of data are too few to be scored against each other, which takes {2 * least}"
        return dict.fromkeys(BALLS, few)
    sizes, blind = part_sizes(len(x), (len(x), m), least), {}
    for most in STEPS:
        share = min(1.0, most / max(sizes))
        parts = part_sizes(len(x), (int(sizes[0] * share), int(sizes[1] * share)), least)
        blind = _blind(metric, x.double(), parts, scores, seed)
        if not blind or parts == sizes:
            break
    return blind


def _blind(metric: PRDC, x: Tensor, parts: tuple[int, int], at_hand: Mapping[str, Score], seed: int) -> dict[str, str]:
    """Return which scores are blind, and what they do not see, from splits of the data into parts of these sizes."""
    draw = generator(seed)
    dependent = _dependent(x, draw)
    noise = "rows of independently shuffled columns" + ("" if dependent else " and twice the spread")
    constant = "copies of the mean row of the data"
    tried: dict[str, list[dict[str, float]]] = {"": [], noise: [], constant: []}
    for i, j in splits(len(x), parts, SPLITS, draw):
        shuffled = _shuffled(x[j], draw)
        wide = shuffled if dependent else 2 * shuffled - shuffled.mean(0)
        for name, y in (("", x[j]), (noise, wide), (constant, x.mean(0).expand(len(j), -1))):
            tried[name].append({s.name: s.value for s in metric.plain(x[i], y)})
    data, *wrong = (_trial(scores) for scores in tried.values())
    blind = {}
    for name in (name for name in BALLS if not _is_bad(at_hand[name], data)):
        unseen = [
            what for what, trial in zip((noise, constant), wrong, strict=True) if _hides(name, trial, data, at_hand)
        ]
        if unseen:
            where = f"of {parts[0]:,} and {parts[1]:,} rows"
            blind[name] = f"{' and '.join(unseen)} score as well as data do against data, {where}"
    return blind


def _is_bad(score: Score, data: Trial) -> bool:
    """Whether the score is beyond doubt below what data score against data."""
    spread = max(data.spread[score.name], score.spread or 0.0)
    return score.spread is not None and score.value < data.mean[score.name] - AGAINST * spread


def _hides(name: str, wrong: Trial, data: Trial, at_hand: Mapping[str, Score]) -> bool:
    """Whether wrong samples are as good as data, and the partner does not show those at hand to be better than they."""
    partner = PARTNER[name]
    margin = SPREADS * max(data.spread[name], wrong.spread[name])
    if wrong.mean[name] < data.mean[name] - margin:
        return False
    reached = min(at_hand[partner].value, data.mean[partner])  # a density above that of data is no better
    return reached <= wrong.mean[partner] + SPREADS * max(data.spread[partner], wrong.spread[partner])


def _trial(scores: list[dict[str, float]]) -> Trial:
    """Return mean and spread of the four scores over the splits."""
    table = {name: torch.tensor([s[name] for s in scores], dtype=torch.float64) for name in BALLS}
    return Trial({k: float(v.mean()) for k, v in table.items()}, {k: float(v.std()) for k, v in table.items()})


def _shuffled(x: Tensor, draw: torch.Generator) -> Tensor:
    """Return the rows with each column in an order of its own."""
    return x.gather(0, torch.rand(x.shape, generator=draw).argsort(0))


def _dependent(x: Tensor, draw: torch.Generator) -> bool:
    """Whether the sum of all squared correlations of columns is beyond that of shuffled columns."""
    rows, columns = (torch.randperm(size, generator=draw)[:most] for size, most in zip(x.shape, PROBED, strict=True))
    part = x[rows][:, columns]
    chance = torch.tensor([_correlations(_shuffled(part, draw)) for _ in range(10)], dtype=torch.float64)
    return bool(_correlations(part) > chance.mean() + DEPENDENT * chance.std() + 1e-9 * chance.mean())


def _correlations(x: Tensor) -> float:
    """Σ r² over pairs of columns, from inner products of the rows in units of the columns' spreads."""
    z = x - x.mean(0)
    spread = z.square().sum(0).sqrt()
    z = z[:, spread > 0] / spread[spread > 0]
    return float((z @ z.T).square().sum())
