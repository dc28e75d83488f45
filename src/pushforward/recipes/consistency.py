"""The consistency model, trained on data alone: noise becomes data in one step of a map along noising paths."""

from pushforward.games import ConsistencyTraining
from pushforward.networks import MLP, Network
from pushforward.recipes.base import recipe
from pushforward.samplers import ConsistencyMap
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe
def consistency(
    space: Space,
    network: Network = MLP((256, 256, 256)),
    deviation: float | None = None,
    first: int = 10,
    most: int = 1280,
    doubling: int = 500,
    tune: Optimizer = Adam(1e-3, (0.9, 0.99)),
    batch_size: int = 256,
) -> ConsistencyTraining:
    """min_f E √(‖f(x + σ′z, σ′) − f(x + σz, σ)‖² + c²)/(σ′ − σ), σ′ the noise level above σ; samples are f(σ_max z).

        repeat: i drawn among N levels of noise, N doubled every `doubling` turns from `first` to `most`;  z ~ N(0, I)
                f descends  mean (√(‖f(x + σ_{i+1}z, σ_{i+1}) − sg f(x + σ_i z, σ_i)‖² + c²) − c)/(σ_{i+1} − σ_i)

    The map takes every point of a path of noising to the path's beginning, so that one step goes from noise to data. No
    critic and no kernel compares data with samples.

    Args:
        space: of the data.
        network: of the field of vectors in f, which takes the level of noise as a time.
        deviation: standard deviation of the data in the space's units; if absent ½ for pictures and 1 for the rest.
        first: intervals of noise levels at first.
        most: intervals of noise levels at last.
        doubling: turns after which their number doubles.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Song et al. (2023), arXiv:2303.01469; Song and Dhariwal (2024), arXiv:2310.14189, table 1.
    Differs: doublings after so many turns in place of eighths of the run, whose length a game does not know; Adam in
        place of RAdam at 1e-4; networks of a few layers.
    """
    s = deviation if deviation is not None else 1.0 if space.range is None else (space.range[1] - space.range[0]) / 4
    f = ConsistencyMap(network.field(space), space, s)
    return ConsistencyTraining(space, f, first, most, doubling, tune, batch_size)
