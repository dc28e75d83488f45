"""Squared distances of rows at any distances from one another: against SciPy's differences, with both derivatives."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from torch.autograd import grad
from torch.overrides import TorchFunctionMode

from pushforward.kernels import pairwise
from pushforward.kernels.expanded import COARSE, expanded
from pushforward.kernels.pairwise import distance, squared_distance

LAWS = {
    "one far row": lambda draw, x, y: (x, np.concatenate([y[1:], y[:1] + far(draw)])),
    "a share of far rows": lambda draw, x, y: (x, np.concatenate([y[9:], y[:9] * far(draw)])),
    "a far column": lambda draw, x, y: (x, y + far(draw) * (np.arange(y.shape[1]) == 0)),
    "two tight clusters far apart": lambda draw, x, y: (_spread(draw, x, 2), _spread(draw, y, 2)),
    "many tight clusters far apart": lambda draw, x, y: (_spread(draw, x, 15), _spread(draw, y, 15)),
    "every scale at once": lambda draw, x, y: (x * _scales(x), y * _scales(y)),
    "an offset": lambda draw, x, y: (x + far(draw) / 1e100, y + far(draw) / 1e100),
    "heavy tails": lambda draw, x, y: (np.tan(1.57 * np.tanh(x)) ** 9, y),
    "repeated rows": lambda draw, x, y: (x[draw.integers(7, size=len(x))], x[draw.integers(7, size=len(y))]),
    "one row repeated, and a far one": lambda draw, x, y: (x[:1].repeat(len(x), 0), np.append(y[:1], x[:1] + 1e9, 0)),
    "denormal numbers": lambda draw, x, y: (1e-310 * x, 1e-310 * y),
    "numbers whose squares are denormal": lambda draw, x, y: (np.append(1e-160 * x, x, 0), 1e-160 * y),
}

APART = ("one far row", "two tight clusters far apart", "many tight clusters far apart")


def far(draw):
    """A distance between 10³ and 10¹⁵⁰."""
    return 10.0 ** draw.uniform(3, 150)


def _spread(draw, z, count):
    """Rows around centres that are as far apart; the same centres for both sides."""
    centers = np.random.default_rng(count).normal(size=(count, z.shape[1])) * 10.0 ** (3 + count % 7)
    return centers[draw.integers(count, size=len(z))] + z


def _scales(z):
    return 10.0 ** np.linspace(-140, 150, len(z))[:, None]


def close(found, x, y, *, rtol):
    # What no double holds as a square is not asked for: below the smallest normal number, digits are lost.
    np.testing.assert_allclose(found, cdist(x, y, "sqeuclidean"), rtol=rtol, atol=1e-305)


@pytest.mark.parametrize("d", [1, 2, 5, 40])
@pytest.mark.parametrize("law", LAWS)
def test_relative_accuracy_in_float64(law, d, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", 0)
    for seed in range(4):
        draw = np.random.default_rng(seed)
        x, y = LAWS[law](draw, draw.normal(size=(130, d)), draw.normal(size=(110, d)))
        u, v = torch.from_numpy(x), torch.from_numpy(y)
        close(squared_distance(u, v), x, y, rtol=1e-6)
        close(squared_distance(v, u), y, x, rtol=1e-6)
        both, all_rows = torch.cat([u, v]), np.concatenate([x, y])
        within = squared_distance(both, both)
        close(within, all_rows, all_rows, rtol=1e-6)
        assert torch.equal(within.diagonal(), torch.zeros(len(both)).double())
        assert torch.equal(expanded(both, both.clone()).diagonal(), torch.zeros(len(both)).double())


@pytest.mark.parametrize("gap", [1e-130, 1e-60, 1.0, 1e60])
def test_a_distance_of_any_size_is_kept(gap, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", 0)
    x = torch.tensor([[0.0] * 3, [gap, 0.0, 0.0]], dtype=torch.float64)
    others = torch.full((9, 3), 1e100, dtype=torch.float64)
    assert float(distance(x[:1], torch.cat([x, others]))[0, 1]) == pytest.approx(gap, rel=1e-12, abs=0)


@pytest.mark.parametrize("law", [*APART, "repeated rows"])
def test_float32_keeps_its_bound(law, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", 0)
    draw = np.random.default_rng(3)
    x, y = draw.normal(size=(150, 30)), draw.normal(size=(140, 30))
    # Squares of float32 end at 3e38.
    x, y = (z.clip(-1e17, 1e17).astype(np.float32) for z in LAWS[law](draw, x, y))
    s = squared_distance(torch.from_numpy(x), torch.from_numpy(y))
    assert s.dtype == torch.float32
    close(s, x.astype(float), y.astype(float), rtol=COARSE)
    true = cdist(x.astype(float), y.astype(float), "sqeuclidean")
    some = true > 0
    assert np.quantile(np.abs(s.numpy() - true)[some] / true[some], 0.999) < 2**-8


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("law", APART)
def test_derivatives_are_those_of_differences(law, dtype, monkeypatch):
    draw = np.random.default_rng(5)
    made = LAWS[law](draw, draw.normal(size=(40, 6)), draw.normal(size=(35, 6)))
    x, y = (torch.from_numpy(z.clip(-1e9, 1e9)).to(dtype) for z in made)
    found, allowed = [], 1e-6 if dtype == torch.float64 else 2e-2
    for direct in (2**40, 0):
        monkeypatch.setattr(pairwise, "DIRECT", direct)
        # the direct way in float64, of the same rows
        a, b = (z.to(torch.float64 if direct else dtype, copy=True).requires_grad_() for z in (x, y))
        value = sum((squared_distance(p, q) / -3.0).exp().sum() for p, q in ((a, b), (a, a)))
        first = grad(value, (a, b), create_graph=True)
        second = grad(sum(g.square().sum() for g in first), (a, b))
        found.append([g.detach().double() for g in (*first, *second)])
    for true, ours in zip(*found, strict=True):
        torch.testing.assert_close(ours, true, rtol=0, atol=allowed * float(true.abs().max()))


class Gathered(TorchFunctionMode):
    """Counts the rows that are taken by their numbers, as both rows of a pair are before they are subtracted."""

    rows = 0

    def __torch_function__(self, function, types, arguments=(), named=None):
        if function is torch.Tensor.__getitem__ and getattr(arguments[1], "dtype", None) == torch.int64:
            self.rows += arguments[1].numel()
        return function(*arguments, **(named or {}))


def test_a_far_row_sends_no_other_pairs_to_differences():
    x = torch.randn(300, 20, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    far, clusters = torch.cat([x, x[:1] * 1e12]), torch.cat([x, x + 1e7])
    with Gathered() as gathered:
        expanded(far, x)
    assert 0 < gathered.rows <= 2 * 300  # the pairs of a row with itself, which is on both sides
    with Gathered() as gathered:
        found = expanded(clusters, clusters)
    assert gathered.rows <= 2 * len(clusters)
    close(found, clusters.numpy(), clusters.numpy(), rtol=1e-6)


def test_rows_whose_squares_overflow_are_infinitely_far_and_not_undefined():
    x = torch.full((60, 12), 1e200, dtype=torch.float64)
    s = expanded(torch.cat([x, -x, torch.zeros(60, 12).double()]), x)
    assert torch.equal(s, torch.cat([torch.zeros(60, 60), torch.full((120, 60), torch.inf)]).double())


def test_rows_without_a_value_stay_so():
    x = torch.randn(100, 8)
    x[3] = torch.nan
    assert expanded(x, torch.randn(90, 8))[3].isnan().all()
