"""The masked autoregressive flow: triangular affine maps, whose order is turned round from one to the next."""

from pushforward.bijectors import ActNorm, Autoregressive, Bijector, Chain
from pushforward.games import Likelihood
from pushforward.monotone import Affine, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.flows import of_normal, of_rows
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def maf(
    space: Space,
    map: Monotone = Affine(),
    layers: int = 5,
    widths: tuple[int, ...] = (128, 128),
    margin: float = 0.05,
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02)),
    batch_size: int = 256,
) -> Likelihood:
    """max_f E log N(f(x); 0, I) + Σ_i log T′_i, f a chain of triangular maps y_i = T(x_i; p(x_1 … x_{i−1})).

        repeat: masked networks p descend  −mean (log N(f(x + u); 0, I) + Σ log T′) / d
                samples are f⁻¹(z), z ~ N(0, I), a pass for every coordinate of every layer

    Args:
        space: of the data; pictures are flattened, after their logit.
        map: T; the paper's is affine.
        layers: triangular maps; coordinates run backwards in every second one.
        widths: of the masked networks' hidden layers.
        margin: of the logit of pictures, α.
        conditional: whether networks take the labels of labelled data.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Papamakarios, Pavlakou, Murray (2017), arXiv 1705.07057, section 3; 5 or 10 layers are theirs.
    Differs: a shift and scale of each coordinate, prepared on data, in place of batch norm; Adam's rate falls.
    """
    demand_reals(space, "maf")
    classes, d = len(space.classes) if conditional else 0, space.dim
    parts: list[Bijector] = []
    for i in range(layers):
        order = range(d) if i % 2 == 0 else range(d - 1, -1, -1)
        parts += [Autoregressive(map, order, widths, classes), ActNorm(d)]
    return Likelihood(space, of_normal(space, of_rows(space, Chain(parts), margin), classes), tune, batch_size)
