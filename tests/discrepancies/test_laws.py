"""Laws that every discrepancy obeys: the classes are found by walking the room."""

from dataclasses import MISSING, fields

import pytest
import torch

from pushforward import discrepancies
from pushforward.discrepancies import (
    MMD,
    Alpha,
    Biased,
    Block,
    BoundarySeeking,
    Cramer,
    Discrepancy,
    Divergence,
    Energy,
    FDivergence,
    JensenShannon,
    LinearTime,
    MeanDifference,
    OneSidedMean,
    Root,
    Scaled,
    Sum,
    UStatistic,
)
from pushforward.kernels import Distance, Gaussian, Laplacian, Median, RationalQuadratic
from pushforward.testing.discrepancies import LAWS

# A discrepancy whose options have no defaults must be given one example here, or the walk below fails.
EXAMPLES = {
    Root: Root(MMD(RationalQuadratic(), Biased())),
    Sum: Sum(MeanDifference(), OneSidedMean()),
    Scaled: Scaled(16.0, OneSidedMean()),
}
ROWS = [c for c in vars(discrepancies).values() if isinstance(c, type) and issubclass(c, Divergence)][1:]
VARIANTS = (
    MMD(Gaussian((0.5, 2.0)) + Distance(), Biased()),
    MMD(Laplacian(), UStatistic()),
    MMD(Gaussian(), Block(4)),
    MMD(Gaussian(), LinearTime()),
    Energy(1.5, Biased()),
    JensenShannon(saturating=True),
    Root(Energy(estimator=Biased())),
    BoundarySeeking(cross_entropy=True),
    *(Cramer(surrogate, paired) for surrogate in (False, True) for paired in (False, True)),
    *(FDivergence(row(), True) for row in ROWS),
    FDivergence(Alpha(3.0)),
)


def classes():
    """The concrete discrepancies of the room."""
    found = [getattr(discrepancies, name) for name in discrepancies.__all__]
    return [c for c in found if isinstance(c, type) and issubclass(c, Discrepancy) and c is not Discrepancy]


def example(c):
    """The discrepancy as it comes, or the example above."""
    assert c in EXAMPLES or all(f.default is not MISSING for f in fields(c)), f"{c} needs an example"
    return EXAMPLES[c] if c in EXAMPLES else c()


ALL = [example(c) for c in classes()] + list(VARIANTS)
PAIRING = Block | LinearTime | UStatistic  # these pair rows by their place
each = pytest.mark.parametrize("D", ALL, ids=repr)


@pytest.fixture
def points(rng):
    return lambda n, mean=0.0: mean + torch.randn(n, 1, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@each
def test_law(D, law):
    law(D)


# Estimates from all pairs, diagonals included, are the difference of their witness's means exactly.
WITNESSED = [
    MeanDifference(),
    OneSidedMean(),
    MMD(Gaussian((0.5, 2.0)), Biased()),
    MMD(Distance(), Biased()),
    Energy(1.5, Biased()),
    Root(MMD(RationalQuadratic(), Biased())),
    3.0 * MeanDifference() + 16.0 * OneSidedMean(),
]


@pytest.mark.parametrize("D", WITNESSED, ids=repr)
def test_value_is_the_difference_of_the_witness(D, points):
    x, y = points(12), points(9, 0.5)
    difference = D.witness(x, x, y).mean() - D.witness(y, x, y).mean()
    torch.testing.assert_close(D(x, y), difference, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("D", [MMD(Gaussian(), Biased()), Energy(estimator=Biased())], ids=repr)
def test_degree_two_grows_with_the_square_of_the_witness(D, points):
    x, y = points(12), points(9, 0.5)
    root = Root(D)
    torch.testing.assert_close(root(x, y) * root.witness(x, x, y), D.witness(x, x, y))
    assert (root.degree, D.degree) == (1, 2)


def test_fitted_reaches_every_kernel(points):
    x = points(20)
    (median,) = Median().of(x)
    waiting = Root(MMD(Gaussian(Median()), Biased())) + 2.0 * Root(MMD(Laplacian(Median((2.0,))), Biased()))
    ready = Root(MMD(Gaussian((median,)), Biased())) + 2.0 * Root(MMD(Laplacian((2 * median,)), Biased()))
    assert waiting.fitted(x) == ready
