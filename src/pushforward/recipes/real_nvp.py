"""A chain of couplings whose halves are scaled and shifted by functions of each other, an exact density."""

from pushforward.bijectors import Bijector, Chain, Squeeze
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import Shape, coupled, coupled_pictures, coupled_rows, squeezed
from pushforward.samplers import Flow
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def real_nvp(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int = 8,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 2,
    scales: int = 2,
    margin: float = 0.05,
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02)),
    batch_size: int = 128,
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
        layers: couplings, of pictures a scale and kind; the paper has 3.
        widths: of the hidden layers of networks of rows.
        width: channels of networks of pictures.
        depth: residual blocks of networks of pictures.
        scales: of pictures, fewer where sides cannot be halved.
        margin: of the logit of pictures, α.
        conditional: whether networks take the labels of labelled data.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Dinh, Sohl-Dickstein, Bengio (2017), arXiv 1605.08803, sections 3 and 4.1.
    Differs: a shift and scale of each half, prepared on data, for batch norm; small networks; Adam's rate falls.
    """
    demand_reals(space, "real-nvp")
    classes = len(space.classes) if conditional else 0
    sampler = real_nvp_flow(space, coupling, layers, widths, width, depth, scales, margin, classes, "real-nvp")
    return Likelihood(space, sampler, tune, batch_size)


def real_nvp_flow(
    space: Space,
    coupling: Monotone,
    layers: int,
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
        layers: couplings.
        widths: of networks of rows.
        width: of networks of pictures.
        depth: of networks of pictures.
        scales: of pictures.
        margin: of the logit.
        classes: number of labels; 0 without.
        owner: whose flow it is, for sentences that refuse.
    """

    def scale(shape: Shape, last: bool) -> tuple[Bijector, Shape]:
        board = coupled_pictures(shape, coupling, layers, width, depth, classes, checkerboard=True)
        if last:
            return board, shape
        channels = coupled_pictures(squeezed(shape), coupling, layers, width, depth, classes, checkerboard=False)
        return Chain([board, Squeeze(), channels]), squeezed(shape)

    rows = lambda d: coupled_rows(d, coupling, layers, widths, classes)
    return coupled(space, scale, rows, scales, margin, classes, owner)
