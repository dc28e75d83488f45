"""A chain of couplings whose halves are scaled and shifted by functions of each other, an exact density."""

from pushforward.bijectors import Bijector, Chain, Squeeze
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import Shape, coupled, coupled_pictures, coupled_rows, fitted, squeezed, with_noise
from pushforward.samplers import Flow
from pushforward.spaces import Space
from pushforward.tuning import Optimizer


@recipe
def real_nvp(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int | None = None,
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
    """max_f E log N(f(x); 0, I) + log |det ∂f/∂x|, f couplings:  b ← T(b; h(a)), then a ← T(a; h(b)), and so on.

        repeat: networks h descend  −mean (log N(f(x + u); 0, I) + log |det ∂f/∂x|) / d,  u noise within a grey level
                samples are f⁻¹(z), z ~ N(0, I)

    Rows: coordinates in turn are the halves. Pictures: their logit; at each scale `layers` couplings of a checkerboard,
    a squeeze, `layers` couplings of channels, half of which are then left to noise; the last scale has a checkerboard
    alone.

    Args:
        space: of the data.
        coupling: T; the paper's is affine.
        layers: couplings, of pictures a scale and kind; if absent 8 of rows, and of pictures the paper's 3.
        widths: of the hidden layers of networks of rows.
        width: channels of networks of pictures.
        depth: residual blocks of networks of pictures.
        scales: of pictures, fewer where sides cannot be halved.
        margin: of the logit of pictures, α.
        noise_layers: couplings of a flow of the noise within grey levels, given the picture; 0 for uniform noise. The
            density is then a bound of one draw.
        conditional: whether networks take the labels of labelled data.
        tune: the optimiser; if absent Adam, for rows at 2e-3 and for pictures at 5e-3.
        batch_size: points of data in a step; if absent 128 rows, or 32 pictures.
    Source: Dinh, Sohl-Dickstein, Bengio (2017), arXiv 1605.08803, sections 3 and 4.1.
    Differs: a shift and scale of each half, prepared on data, for batch norm; small networks; Adam's rate falls, and
        gradients are clipped; noise_layers are of Ho et al. (2019), arXiv 1902.00275, section 3.1.
    """
    demand_reals(space, "real-nvp")
    classes = len(space.classes) if conditional else 0
    sampler = real_nvp_flow(space, coupling, layers, widths, width, depth, scales, margin, classes, "real-nvp")
    noisy = with_noise(space, sampler, noise_layers, width, depth, "real-nvp")
    return fitted(space, noisy, tune, batch_size)


def real_nvp_flow(
    space: Space,
    coupling: Monotone,
    layers: int | None,
    widths: tuple[int, ...],
    width: int,
    depth: int,
    scales: int,
    margin: float,
    classes: int,
    owner: str,
) -> Flow:
    """Return the flow of the recipe.

    Args:
        space: of the data.
        coupling: T, as of the recipe, and so are the others.
        layers: couplings; None for 8 of rows and 3 of pictures.
        widths: of networks of rows.
        width: of networks of pictures.
        depth: of networks of pictures.
        scales: of pictures.
        margin: of the logit.
        classes: number of labels; 0 without.
        owner: whose flow it is, for sentences that refuse.
    """

    def scale(shape: Shape, last: bool) -> tuple[Bijector, Shape]:
        board = coupled_pictures(shape, coupling, layers or 3, width, depth, classes, checkerboard=True)
        if last:
            return board, shape
        channels = coupled_pictures(squeezed(shape), coupling, layers or 3, width, depth, classes, checkerboard=False)
        return Chain([board, Squeeze(), channels]), squeezed(shape)

    rows = lambda d: coupled_rows(d, coupling, layers or 8, widths, classes)
    return coupled(space, scale, rows, scales, margin, classes, owner)
