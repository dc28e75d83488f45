"""Precision, recall, density and coverage against brute force in NumPy, and the rules at the edge."""

import numpy as np
import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics import PRDC, expected_coverage, prdc
from pushforward.metrics.numerics.neighbours import screening
from pushforward.metrics.numerics.neighbours.nearest import nearest


def brute(x, y, k, strict):
    """The definitions, written out over all pairs."""

    def squares(a, b):
        return ((a[:, None] - b[None]) ** 2).sum(-1)

    inside = np.less if strict else np.less_equal
    of_x, of_y = (np.sort(squares(a, a), axis=1)[:, k] for a in (x, y))
    in_x, in_y = inside(squares(x, y), of_x[:, None]), inside(squares(x, y), of_y[None])
    return in_x.any(0).mean(), in_y.any(1).mean(), in_x.sum(0).mean() / k, in_x.any(1).mean()


def four(found):
    return found.precision, found.recall, found.density, found.coverage


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize(("n", "m", "d"), [(60, 45, 2), (150, 210, 40)])
def test_equals_brute_force(n, m, d, k, strict):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(n, d)), 1.1 * rng.normal(size=(m, d)) + 0.2
    assert four(prdc(x, y, k=k, strict=strict)) == pytest.approx(brute(x, y, k, strict), rel=1e-14)


@pytest.mark.parametrize("strict", [False, True])
def test_equals_brute_force_on_ties_and_copies(strict):
    rng = np.random.default_rng(1)
    x, y = (rng.integers(0, 4, size=(n, 3)).astype(float) for n in (200, 150))
    assert four(prdc(x, y, k=3, strict=strict)) == pytest.approx(brute(x, y, 3, strict), rel=1e-14)


@pytest.mark.parametrize("scale", [1e-30, 1e-7, 1e20])
def test_tight_clusters_far_from_the_origin_are_resolved(scale):
    # Float32, and the expanded square in float64, see nothing of the spread here.
    rng = np.random.default_rng(2)
    x, y = (scale * (rng.normal(size=(300, 600)) + np.array([[1e4]])) for _ in range(2))
    assert four(prdc(x, y, k=5)) == pytest.approx(brute(x, y, 5, strict=False), rel=1e-14)


def test_identical_inputs_score_one():
    x = torch.randn(100, 3)
    assert four(prdc(x, x))[:2] == (1.0, 1.0)
    assert prdc(x, x).coverage == 1.0


def test_a_collapsed_sampler_has_no_recall():
    x = torch.randn(500, 2)
    found = prdc(x, x[:1].expand(500, 2))
    assert found.precision == 1.0
    assert found.recall == 1 / 500  # its balls have radius 0: only the copied row lies in one
    assert found.repeated_samples == 1.0
    assert found.repeated_data == 0.0


@pytest.mark.parametrize("block", [1, 1000, 2**30])
def test_does_not_depend_on_the_block_size(monkeypatch, block):
    x, y = torch.randn(80, 5), torch.randn(70, 5)
    whole = prdc(x, y)
    monkeypatch.setattr(screening, "BLOCK", block)
    assert prdc(x, y) == whole


def test_nearest_equals_sorted_differences():
    x, y = torch.randn(90, 4, dtype=torch.float64), torch.randn(400, 4, dtype=torch.float64)
    squares = (x[:, None] - y).square().sum(-1).sort(1).values
    assert torch.equal(nearest(x, y, 7), squares[:, 6])


def test_nearest_of_itself_leaves_out_the_row_but_not_its_copies():
    x = torch.tensor([[0.0], [0.0], [3.0]], dtype=torch.float64)
    assert nearest(x, x, 1, itself=True).tolist() == [0.0, 0.0, 9.0]


def test_expected_coverage_is_the_mean_coverage_of_equal_laws(rng):
    values = [
        prdc(torch.randn(40, 3, generator=rng), torch.randn(60, 3, generator=rng), k=4).coverage for _ in range(200)
    ]
    stderr = np.std(values, ddof=1) / len(values) ** 0.5
    assert abs(np.mean(values) - expected_coverage(40, 60, 4)) < 4 * stderr


def test_scores_carry_direction_and_error():
    scores = PRDC()(torch.randn(100, 2), torch.randn(100, 2))
    assert [s.name for s in scores] == ["precision", "recall", "density", "coverage"]
    assert all(s.better == "higher" and s.spread is not None and (s.stderr, s.interval) == (None, None) for s in scores)


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (torch.zeros(5, 2), torch.zeros(9, 2), "at least 6 rows"),
        (torch.zeros(9, 2), torch.zeros(9, 3), "same number of coordinates"),
        (torch.zeros(9, 2), torch.full((9, 2), torch.nan), "finite"),
    ],
)
def test_refuses(x, y, said):
    with pytest.raises(Refused, match=said):
        prdc(x, y)
