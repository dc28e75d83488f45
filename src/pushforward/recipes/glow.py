"""The couplings of RealNVP with a learnt mixing of channels between them."""

from pushforward.bijectors import ActNorm, Bijector, Chain, Mixing, Squeeze
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import Shape, coupled, coupled_pictures, coupled_rows, squeezed
from pushforward.spaces import Space
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

    def scale(shape: Shape, last: bool) -> tuple[Bijector, Shape]:
        c, *_ = given = squeezed(shape)
        parts: list[Bijector] = [Squeeze()]
        for _ in range(layers):
            pair = coupled_pictures(given, coupling, 2, width, depth, classes, checkerboard=False)
            parts += [ActNorm(c), Mixing(c), pair]
        return Chain(parts), given

    def rows(d: int) -> Bijector:
        return Chain([g for _ in range(layers) for g in (Mixing(d), coupled_rows(d, coupling, 2, widths, classes))])

    return Likelihood(space, coupled(space, scale, rows, scales, margin, classes, "glow"), tune, batch_size)
