"""Rows far from all others, and clusters far apart: scores against SciPy's distances, arithmetics, and what is said."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from pushforward.kernels import Gaussian, Linear
from pushforward.kernels.pairwise import inner
from pushforward.metrics import KID, EnergyDistance, KernelDistance, prdc, two_sample_test
from pushforward.metrics.diagnosis.outlying import outlying
from pushforward.metrics.numerics.neighbours.nearest import nearest
from pushforward.metrics.significance import aggregated


def off(gram):
    """Mean of the entries beside the diagonal."""
    return (gram.sum() - np.trace(gram)) / (len(gram) * (len(gram) - 1))


def energy_by_scipy(x, y):
    return 2 * cdist(x, y).mean() - off(cdist(x, x)) - off(cdist(y, y))


def mmd_by_scipy(x, y, bandwidth):
    k = lambda a, b: np.exp(-cdist(a, b, "sqeuclidean") / (2 * bandwidth**2))
    return off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean()


def made(law, n=260, d=5, seed=0):
    """Two samples of one law, made hard."""
    draw = np.random.default_rng(seed)
    x, y = draw.normal(size=(2, n, d))
    if law == "clusters":
        return tuple(z + 3e5 * (np.arange(n) % 2)[:, None] for z in (x, y))
    if law == "a small cluster":
        return tuple(z + 1e9 * (np.arange(n) < n // 100)[:, None] for z in (x, y))
    if law == "on both sides":
        return np.append(x[1:], [[-1e9] * d], 0), np.append(y[1:], [[1e9] * d], 0)
    return x, np.append(y[1:], y[:1] + float(law), 0)


LAWS = ("1e3", "1e6", "1e8", "1e9", "1e10", "on both sides", "clusters", "a small cluster")


@pytest.mark.parametrize("law", LAWS)
def test_scores_are_those_of_scipys_distances(law):
    x, y = made(law)
    # A sum of distances up to 1e10 is known to 1e-16 of that; kernel values to 1e-6, most of them to all digits.
    assert EnergyDistance()(x, y)[0].value == pytest.approx(energy_by_scipy(x, y), rel=1e-9, abs=1e-6)
    mmd = KernelDistance(Gaussian(1.5))(x, y)[0]
    assert mmd.value == pytest.approx(mmd_by_scipy(x, y, 1.5), rel=1e-9, abs=1e-9)
    assert mmd.interval[0] < 0 < mmd.interval[1]


def test_a_far_row_moves_a_bounded_distance_by_its_share():
    x, y = made("1e150")
    without = mmd_by_scipy(x, y[:-1], 1.5)
    assert KernelDistance(Gaussian(1.5))(x, y)[0].value == pytest.approx(without, abs=4 / len(y))
    assert two_sample_test(x, y, permutations=99).p_value > 0.05


def means(k, x, y):
    """Mean of k over different rows of x, the same of y, and over x and y; in whatever numbers k gives."""
    within = lambda z: 2 * sum(k(z[i], z[j]) for i in range(len(z)) for j in range(i)) / (len(z) * (len(z) - 1))
    return within(x), within(y), sum(k(a, b) for a in x for b in y) / (len(x) * len(y))


@pytest.mark.parametrize("far", [1e9, 1e12, 1e16, 1e40, 1e150])
def test_energy_is_exact_where_floating_point_differences_of_distances_are_not(far):
    x, y = np.random.default_rng(2).normal(size=(2, 25, 3))
    y[0] += far
    with localcontext() as context:
        context.prec = 400
        exact = [[[Decimal(v) for v in row] for row in z.tolist()] for z in (x, y)]
        xx, yy, xy = means(lambda a, b: sum((p - q) ** 2 for p, q in zip(a, b, strict=True)).sqrt(), *exact)
        expected = float(2 * xy - xx - yy)
    assert EnergyDistance()(x, y)[0].value == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("n", "d"), [(30, 2), (30, 40)], ids=["moments", "pairs"])
@pytest.mark.parametrize("far", [1e3, 1e6, 1e9])
def test_kid_is_exact_beside_a_far_row(far, n, d):
    x, y = np.random.default_rng(3).normal(size=(2, n, d))
    y[0] += far
    exact = [[[Fraction(v) for v in row] for row in z.tolist()] for z in (x, y)]
    xx, yy, xy = means(lambda a, b: (sum(p * q for p, q in zip(a, b, strict=True)) / d + 1) ** 3, *exact)
    assert KID()(x, y)[0].value == pytest.approx(float(xx + yy - 2 * xy), rel=1e-9)


@pytest.mark.parametrize("law", LAWS)
def test_neighbours_and_balls_are_those_of_scipys_distances(law):
    x, y = made(law, 300)
    squares = np.sort(cdist(x, x, "sqeuclidean"), 1)[:, 5]
    np.testing.assert_allclose(nearest(*map(torch.from_numpy, (x, x)), 5, itself=True), squares, rtol=1e-12)
    radius_x, radius_y = np.sqrt(squares), np.sort(cdist(y, y), 1)[:, 5]
    inside_x, inside_y = cdist(x, y) <= radius_x[:, None], cdist(x, y) <= radius_y
    found = prdc(x, y, k=5)
    expected = inside_x.any(0).mean(), inside_y.any(1).mean(), inside_x.sum(0).mean() / 5, inside_x.any(1).mean()
    assert (found.precision, found.recall, found.density, found.coverage) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("metric", [EnergyDistance(), KernelDistance()])
def test_many_rows_with_a_far_one_are_scored_in_float64(metric):
    x, y = (z.astype(np.float64) for z in made("0", 2200, 64))
    assert metric(x, y)[0].arithmetic != "float64"
    y[7] = 1e9
    score = metric(x, y)[0]
    assert score.arithmetic == "float64"
    if isinstance(metric, EnergyDistance):
        assert score.value == pytest.approx(energy_by_scipy(x, y), abs=1e-6)


def test_a_large_test_with_far_rows_is_that_of_float64(monkeypatch):
    x, y = made("1e9", 400, 8)
    found = []
    for small in (0, 2**60):
        monkeypatch.setattr(aggregated, "SMALL", small)
        found.append(two_sample_test(x, y, permutations=199))
    assert found[0] == found[1]


def test_what_a_test_would_have_seen_is_computed_once_when_it_is_asked_for():
    @dataclass(frozen=True)
    class Counted(Linear):
        """Counts how often it is asked."""

        def __call__(self, x, y):
            asked.append(1)
            return inner(x, y)

    asked = []
    found = two_sample_test(*np.random.default_rng(0).normal(size=(2, 40, 2)), kernels=[Counted()], permutations=19)
    assert found.to_json()
    tested = len(asked)
    first, looked = found.detectable, len(asked)
    assert looked > tested
    assert found.detectable == first > 0
    assert len(asked) == looked


@pytest.mark.parametrize("law", ["1e3", "1e9", "1e150"])
def test_rows_that_decide_are_said_of_either_side(law):
    x, y = made(law)
    reach = float(law) * 5**0.5 / np.median(np.linalg.norm(y - np.median(y, 0), axis=1))
    (said,) = outlying(torch.from_numpy(x), torch.from_numpy(y))
    assert said.startswith(f"1 of the 260 samples lies {reach:.2g} spreads")
    (said,) = outlying(torch.from_numpy(y), torch.from_numpy(x))
    assert said.startswith("1 of the 260 rows of data lies")


def test_rows_that_decide_nothing_are_not_said():
    draw = np.random.default_rng(1)
    x, shifted = draw.normal(size=(2, 500, 3)) + [[[0.0]], [[1e6]]]
    assert outlying(*map(torch.from_numpy, (x, shifted))) == []  # far, but all of them
    heavy = draw.standard_t(5, size=(2000, 3))
    assert outlying(*map(torch.from_numpy, (heavy, x))) == []
    same = torch.zeros(50, 3).double()
    assert outlying(same, same) == []
    (said,) = outlying(torch.from_numpy(x), torch.cat([same, torch.full((1, 3), 1e5).double()]))
    assert said.startswith("1 of the 51 samples")
