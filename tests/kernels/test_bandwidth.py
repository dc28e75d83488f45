"""The median heuristic, and kernels that wait for it."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist

from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Laplacian, Linear, Median, RationalQuadratic
from pushforward.kernels.bandwidth import ROWS, positive


def test_median_of_all_pairs(rng):
    x = torch.randn(30, 3, generator=rng, dtype=torch.float64)  # 435 pairs, an odd number
    assert Median((1.0, 0.5)).of(x) == pytest.approx((np.median(pdist(x)), np.median(pdist(x)) / 2))


def test_duplicates_do_not_count(rng):
    x = torch.randn(6, 3, generator=rng, dtype=torch.float64)  # 15 pairs; each of them four times when doubled
    assert Median().of(x.repeat(2, 1)) == pytest.approx(Median().of(x))


def test_large_data_takes_spaced_rows(rng):
    x = torch.randn(2 * ROWS + 1, 2, generator=rng)
    rows = np.linspace(0, 2 * ROWS, ROWS).astype(int)
    assert Median().of(x) == Median().of(x)
    assert Median().of(x)[0] == pytest.approx(np.median(pdist(x[rows].double())), rel=1e-4)


def test_nothing_that_varies_is_refused():
    with pytest.raises(Refused, match="two different rows"):
        Median().of(torch.ones(5, 2))


def test_kernels_wait_and_are_fitted(rng):
    x = torch.randn(20, 3, generator=rng, dtype=torch.float64)
    (median,) = Median().of(x)
    waiting = 2.0 * (Gaussian(Median()) + RationalQuadratic(1.0, Median((2.0,)))) + Linear()
    with pytest.raises(Refused, match=r"bandwidth of Gaussian waits for data .*\.fitted\(x\)"):
        waiting(x, x)
    assert waiting.fitted(x) == 2.0 * (Gaussian((median,)) + RationalQuadratic(1.0, (2 * median,))) + Linear()
    assert hash(waiting) != hash(waiting.fitted(x))


def test_on_fits_what_the_kernel_sees(rng):
    x = torch.randn(20, 3, generator=rng, dtype=torch.float64)
    assert Laplacian(Median()).on(torch.exp).fitted(x) == Laplacian(Median().of(x.exp())).on(torch.exp)


def test_sequences_become_tuples():
    assert positive([1.0, 2.0], "bandwidth", "Gaussian") == (1.0, 2.0)  # as a configuration file gives them
