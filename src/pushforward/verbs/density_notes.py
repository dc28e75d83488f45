"""The data of which a density would have no bound: what is refused before a fit, and what is said."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.notes import Note
from pushforward.samplers import Bounded, Density, dequantised, grain
from pushforward.spaces import Columns, Image, Space

ROWS = 20_000
"""Training rows that are looked at."""

MOST_COPIES, SOME_COPIES = 0.5, 0.01
"""Shares of rows that are copies of others: above the first they are refused, above the second they are mentioned."""

MOST_ALIKE, SOME_ALIKE = 0.1, 0.01
"""Shares of rows with one value of a column without a step, in the same way."""

FEW = 5
"""Copies, or equal values, that chance alone may bring about in columns of few digits."""

FAR, BEYOND_DIGITS = 1e3, 1e6
"""Interquartile ranges from the median: rows beyond the first are mentioned; past the second float32 sees no bulk."""

SINGULAR = 1e-10
"""Smallest eigenvalue of a correlation matrix that float32 can tell from 0 with a factor to spare."""

WIDEST = 200
"""Columns beyond which no correlation matrix is looked at."""


@dataclass(frozen=True)
class Doubt:
    """A sentence on what is wrong with a density of some data.

    Args:
        text: the sentence.
        fatal: whether the data have no density at all, so that a likelihood would only say how narrow a fit became.
    """

    text: str
    fatal: bool = False


def density_notes(game: Game, data: Data) -> list[Note]:
    """Return what is to be said before a density is fitted to data; nothing for pictures, and for games without one.

    Args:
        game: with the space of the data.
        data: whose training part is looked at.

    Raises:
        Refused: if the data have no density.
    """
    doubts = density_doubts(game, data)
    for doubt in doubts:
        if doubt.fatal:
            raise Refused(doubt.text)
    filled = _filled(grain(data.train.all(ROWS).x.flatten(1)), names_of(game.space)) if _looked_at(game) else []
    return [*(Note(doubt.text, "doubt") for doubt in doubts), *filled]


def density_doubts(game: Game, data: Data) -> list[Doubt]:
    """Return what is wrong with a density of these data.

    Args:
        game: with the space of the data.
        data: whose training part is looked at.
    """
    if not _looked_at(game):
        return []
    x, names = data.train.all(ROWS).x.flatten(1).cpu(), names_of(game.space)
    given = data.as_given()  # once encoded, numbers beside which others vanish have made these alike
    far = _far(given.train.all(ROWS).x.flatten(1).cpu(), names_of(given.space))
    steps = grain(x)
    return [*far, *_copies(x, steps), *_alike(x, steps, names), *_linear(x, steps)]


def _looked_at(game: Game) -> bool:
    """Return whether it is a game of a density of numbers, and not of a bound or of probabilities."""
    g, space = game.sampler, game.space
    density = isinstance(g, Density) and not isinstance(g, Bounded) and not g.discrete
    return density and not isinstance(space, Image) and not space.choices


def names_of(space: Space) -> list[str]:
    """Return what the coordinates of rows are called in a sentence.

    Args:
        space: of rows.
    """
    if isinstance(space, Columns):
        return [f"column '{name}'" for name in space.coordinates]
    return [f"coordinate {i} (counted from 0)" for i in range(space.dim)]


def _far(x: Float[Tensor, "n d"], names: list[str]) -> list[Doubt]:
    """Return which columns have rows so far out that scales, and bandwidths with them, are set by those alone."""
    low, median, high = x.double().quantile(torch.tensor([0.25, 0.5, 0.75], dtype=torch.float64), dim=0)
    ranges = (x - median).abs().amax(0) / (high - low)
    doubts = []
    for j in ((low < high) & (ranges > FAR)).nonzero()[:, 0].tolist():
        where = f"{names[j]} reaches {float(ranges[j]):.0e} interquartile ranges from its median"
        if ranges[j] > BEYOND_DIGITS:
            doubts.append(Doubt(f"{where}, beside which its other values are all alike; take such rows out.", True))
        else:
            doubts.append(
                Doubt(f"{where}: few rows set its scale, and a density of the others suffers; take them out.")
            )
    return doubts


def _filled(steps: Float[Tensor, " d"], names: list[str]) -> list[Note]:
    """Return which columns lie on steps, which noise fills."""
    on = [names[j] for j in steps.nonzero()[:, 0].tolist()]
    if not on:
        return []
    which = on[0] if len(on) == 1 else f"{len(on)} of {len(names)} columns"
    return [Note(f"{which} {'holds' if len(on) == 1 else 'hold'} multiples of a step: noise of half a step to both "
                 "sides fills them, and the density bounds probabilities from below.")]  # fmt: skip


def _copies(x: Float[Tensor, "n d"], steps: Float[Tensor, " d"]) -> list[Doubt]:
    """Return how many rows are copies of others, where some column has no steps, so that chance makes none."""
    if bool((steps > 0).all()):
        return []
    copies = len(x) - len(x.unique(dim=0))
    if copies > MOST_COPIES * len(x):
        return [Doubt(f"{copies:,} of {len(x):,} training rows are copies of others, and a density would grow without "
                      "bound about these; take the copies out.", True)]  # fmt: skip
    if copies < max(FEW, SOME_COPIES * len(x)):
        return []
    return [Doubt(f"{copies:,} of {len(x):,} training rows are copies of others, about which a density grows without "
                  "bound, and test rows may be copies of training rows; take the copies out.")]  # fmt: skip


def _alike(x: Float[Tensor, "n d"], steps: Float[Tensor, " d"], names: list[str]) -> list[Doubt]:
    """Return which columns have one value in many rows, although they have no steps."""
    doubts = []
    for j in (steps == 0).nonzero()[:, 0].tolist():
        most = int(x[:, j].unique(return_counts=True)[1].max())
        share = most / len(x)
        where = f"{names[j]} has the same value in {most:,} of {len(x):,} training rows, and no step between values"
        if share > MOST_ALIKE and most > FEW:
            doubts.append(Doubt(f"{where}, so that it has no density; round it to a step, which noise fills, leave it "
                               "out, or choose a recipe without a density, such as gram.", True))  # fmt: skip
        elif share > SOME_ALIKE and most > FEW:
            doubts.append(Doubt(f"{where}: a density grows without bound there, and log-likelihoods say less than they "
                               "seem to; round the column to a step, which noise fills."))  # fmt: skip
    return doubts


def _linear(x: Float[Tensor, "n d"], steps: Float[Tensor, " d"]) -> list[Doubt]:
    """Return whether one column is a linear function of the others, since all mass lies on a plane."""
    n, d = x.shape
    if not 1 < d < min(n, WIDEST):
        return []
    own = torch.Generator().manual_seed(0)
    moving = dequantised(x.double(), steps.double(), own)
    if float(torch.linalg.eigvalsh(moving.T.corrcoef())[0]) > SINGULAR:
        return []
    return [Doubt("some column of the data is a linear function of the others, so that they lie on a plane and have no "
                  "density; leave that column out.", True)]  # fmt: skip
