"""The flows that recipes with a density share: of rows of numbers, and of pictures."""

from collections.abc import Callable, Sequence

from pushforward.bijectors import (
    ActNorm,
    Bijector,
    Chain,
    Channels,
    Checkerboard,
    Couplings,
    Flattened,
    Interleaved,
    Logit,
    MultiScale,
)
from pushforward.errors import Refused
from pushforward.games import Likelihood
from pushforward.monotone import Monotone
from pushforward.networks import Convolutional, Dense, halvings_of
from pushforward.samplers import FilledLevels, Flow, LevelNoise, Normal, Sampler
from pushforward.spaces import Image, Space
from pushforward.tuning import Adam, Cosine, Optimizer

Shape = tuple[int, int, int]
Step = Callable[[Shape, bool], tuple[Bijector, Shape]]
"""What makes the bijector of a scale, from the shape of its pictures and whether it is the last: with the new shape."""

COARSEST = 4
"""The side below which pictures are not squeezed any more."""

PAST_THE_END = 1 / 255
"""By how much a range is widened to both sides, in halves of it: half a grey level of 256, for the noise in one."""


STEEPEST = 1.0
"""The largest norm of a gradient of nats a dimension: one point far out would set the pace of Adam for long."""

OF_ROWS = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02))

OF_PICTURES = Adam(5e-3, (0.9, 0.99), decay=Cosine(0.02))


def fitted(space: Space, sampler: Sampler, tune: Optimizer | None, batch_size: int | None) -> Likelihood:
    """Return the game of a flow, whose gradients are clipped.

    Args:
        space: of the data.
        sampler: the flow.
        tune: the optimiser; if absent one for rows or one for pictures.
        batch_size: points of data in a step; if absent 128 rows, or 32 pictures.
    """
    suited, size = (OF_PICTURES, 32) if isinstance(space, Image) else (OF_ROWS, 128)
    return Likelihood(space, sampler, tune or suited, size if batch_size is None else batch_size, clip_norm=STEEPEST)


def with_noise(space: Space, flow: Flow, layers: int, width: int, depth: int, owner: str) -> Flow | FilledLevels:
    """Return the flow, with another one for the noise within grey levels, if that has any layers.

    Args:
        space: of the data.
        flow: of the pictures.
        layers: couplings of the other one.
        width: channels of its networks.
        depth: their residual blocks.
        owner: whose flow it is, for sentences that refuse.

    Raises:
        Refused: for data that are no pictures of even sides.
    """
    if layers == 0:
        return flow
    if not isinstance(space, Image) or space.height % 2 or space.width % 2 or layers < 0:
        what = f"pictures of {space.height} × {space.width}" if isinstance(space, Image) else "rows of numbers"
        raise Refused(f"noise_layers of {owner} must be 0, or positive for pictures of even sides, got {layers} for "
                      f"{what}.")  # fmt: skip
    return FilledLevels(space, flow, LevelNoise(space.channels, layers, width, depth, flow.classes))


def coupled_rows(d: int, monotone: Monotone, layers: int, widths: Sequence[int], classes: int) -> Couplings:
    """Return couplings of the coordinates of a vector, taken in turn.

    Args:
        d: coordinates, at least 2.
        monotone: T.
        layers: couplings.
        widths: of the networks' hidden layers.
        classes: number of labels; 0 without.
    """
    a, b = (d + 1) // 2, d // 2
    networks = [Dense(n, m * monotone.size, widths, classes) for n, m in in_turn(a, b, layers)]
    return Couplings(Interleaved(), monotone, (a, b), networks)


def coupled_pictures(
    shape: Shape, monotone: Monotone, layers: int, width: int, depth: int, classes: int, checkerboard: bool
) -> Couplings:
    """Return couplings of the pixels of a checkerboard, or of channels.

    Args:
        shape: of the pictures.
        monotone: T.
        layers: couplings.
        width: channels of the networks.
        depth: their residual blocks.
        classes: number of labels; 0 without.
        checkerboard: of pixels, not channels.
    """
    a, b = (shape[0], shape[0]) if checkerboard else ((shape[0] + 1) // 2, shape[0] // 2)
    networks = [Convolutional(n, m * monotone.size, width, depth, classes) for n, m in in_turn(a, b, layers)]
    return Couplings(Checkerboard() if checkerboard else Channels(), monotone, (a, b), networks)


def in_turn(a: int, b: int, layers: int) -> list[tuple[int, int]]:
    """Return the sizes of the half that each coupling reads, and of the one that it maps."""
    return [(a, b) if i % 2 == 0 else (b, a) for i in range(layers)]


def coupled(
    space: Space, scale: Step, rows: Callable[[int], Bijector], scales: int, margin: float, classes: int, owner: str
) -> Flow:
    """Return a flow of pictures scale after scale; of vectors, and of pictures that cannot be halved, one of rows.

    Args:
        space: of the data.
        scale: makes the bijector of a scale of pictures.
        rows: makes the bijector of vectors of so many coordinates.
        scales: of pictures, at most.
        margin: of the logit of pictures.
        classes: number of labels; 0 without.
        owner: whose flow it is, for sentences that refuse.

    Raises:
        Refused: for a single coordinate, which has no halves.
    """
    most = halvings_of(space.height, space.width, COARSEST, scales) if isinstance(space, Image) else 0
    if isinstance(space, Image) and most:
        return of_normal(space, of_pictures(space, margin, scale, most), classes)
    if space.dim < 2:
        raise Refused(f"{owner} needs two coordinates or more, one for each half, got 1; triangular takes one.")
    return of_normal(space, of_rows(space, rows(space.dim), margin), classes)


def of_normal(space: Space, f: Bijector, classes: int) -> Flow:
    """Return the flow of normal noise, N(0, I), through the inverse of a bijector.

    Args:
        space: of the data.
        f: from points to noise.
        classes: number of labels; 0 without.
    """
    return Flow(f, Normal(space.dim), space.shape, classes)


def of_pictures(space: Image, margin: float, step: Step, scales: int) -> Bijector:
    """Return the logit of pictures, then scale after scale, each of which leaves half of its channels to noise.

    Args:
        space: of the pictures.
        margin: of the logit.
        step: makes the bijector of a scale, and says the shape of what it gives.
        scales: number of scales, at least 1.
    """
    parts, shape = [], (space.channels, space.height, space.width)
    for i in range(scales):
        f, given = step(shape, i + 1 == scales)
        parts.append((f, given))
        shape = (given[0] - given[0] // 2, given[1], given[2])
    return Chain([logit_of(space, margin), MultiScale(parts)])


def of_rows(space: Space, f: Bijector, margin: float) -> Bijector:
    """Return a bijector of vectors as one of points: of their logit, where they are pictures, flattened.

    Args:
        space: of the data.
        f: of vectors.
        margin: of the logit.
    """
    first: list[Bijector] = [logit_of(space, margin), Flattened(space.shape)] if isinstance(space, Image) else []
    return Chain([*first, ActNorm(space.dim), f])


def logit_of(space: Image, margin: float) -> Logit:
    """Return the logit of a range that is a little wider than that of pictures, for noise within a grey level."""
    wide = PAST_THE_END * (space.high - space.low) / 2
    return Logit(space.low - wide, space.high + wide, margin)


def squeezed(shape: Shape) -> Shape:
    """Return the shape of squeezed pictures."""
    return 4 * shape[0], shape[1] // 2, shape[2] // 2
