"""The couplings of RealNVP with a learnt mixing of channels between them."""

from pushforward.bijectors import ActNorm, Bijector, Chain, Mixing, Squeeze
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import (
    Shape,
    coupled_pictures,
    coupled_rows,
    demand_two,
    of_pictures,
    of_rows,
    scales_of,
    squeezed,
)
from pushforward.samplers import Flow, Normal
from pushforward.spaces import Image, Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def glow(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int = 4,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 2,
    scales: int = 2,
    margin: float = 0.05,
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02)),
    batch_size: int = 128,
) -> Likelihood:
    """max_f E log N(f(x); 0, I) + log |det ∂f/∂x|, f steps of a scale and shift, a mixing W, and couplings of channels.

        repeat: W and the couplings' networks descend  −mean (log N(f(x + u); 0, I) + log |det ∂f/∂x|) / d
                samples are f⁻¹(z), z ~ N(0, I)

    A step is ActNorm, a mixing W of coordinates or channels, and two couplings, one of each half. Pictures: their
    logit; each scale squeezes, takes its steps, and leaves half of its channels to noise.

    Args:
        space: of the data.
        coupling: T of the couplings; the paper's is affine.
        layers: steps, of pictures a scale; the paper has 32, of one coupling each.
        widths: of the hidden layers of networks of rows.
        width: channels of networks of pictures.
        depth: residual blocks of networks of pictures.
        scales: of pictures, fewer where sides cannot be halved.
        margin: of the logit of pictures, α.
        conditional: whether networks take the labels of labelled data.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Kingma and Dhariwal (2018), arXiv 1807.03039, section 3.
    Differs: two couplings a step; a logit before the first scale; residual networks; Adam's rate falls.
    """
    demand_reals(space, "glow")
    classes = len(space.classes) if conditional else 0
    if isinstance(space, Image) and (most := scales_of(space, scales)):

        def scale(shape: Shape, i: int) -> tuple[Bijector, Shape]:
            c, *_ = given = squeezed(shape)
            parts: list[Bijector] = [Squeeze()]
            for _ in range(layers):
                coupled = coupled_pictures(given, coupling, 2, width, depth, classes, checkerboard=False)
                parts += [ActNorm(c), Mixing(c), coupled]
            return Chain(parts), given

        f = of_pictures(space, margin, scale, most)
    else:
        d = demand_two(space, "glow")
        rows = [g for _ in range(layers) for g in (Mixing(d), coupled_rows(d, coupling, 2, widths, classes))]
        f = of_rows(space, Chain(rows), margin)
    pictures = isinstance(space, Image)
    return Likelihood(space, Flow(f, Normal(space.dim), space.shape, classes, alike=pictures), tune, batch_size)
