"""The couplings of RealNVP with a learnt mixing of channels between them."""

from pushforward.bijectors import ActNorm, Bijector, Chain, Mixing, Squeeze
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import Shape, coupled, coupled_pictures, coupled_rows, fitted, squeezed, with_noise
from pushforward.spaces import Space
from pushforward.tuning import Optimizer


@recipe
def glow(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int = 4,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 1,
    scales: int = 2,
    margin: float = 0.05,
    noise_layers: int = 0,
    conditional: bool = True,
    tune: Optimizer | None = None,
    batch_size: int | None = None,
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
        noise_layers: as of `real-nvp`.
        conditional: whether networks take the labels of labelled data.
        tune: as of `real-nvp`.
        batch_size: as of `real-nvp`.
    Source: Kingma and Dhariwal (2018), arXiv 1807.03039, section 3.
    Differs: two couplings a step; a logit before the first scale; residual networks; Adam's rate falls,
        and gradients are clipped.
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

    flow = coupled(space, scale, rows, scales, margin, classes, "glow")
    return fitted(space, with_noise(space, flow, noise_layers, width, depth, "glow"), tune, batch_size)
