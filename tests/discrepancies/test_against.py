"""Cheaper arithmetic is taken where the data bear it, says so, and gives way to float64 where they do not."""

import pytest
import torch

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.against import TOLERANCE, Against
from pushforward.discrepancies.sums import blockwise
from pushforward.discrepancies.variance import standard_error
from pushforward.kernels import Distance, Gaussian, Kernel, Linear, Polynomial, narrow

# (300 + 320)²·3000 multiplications are above those that float64 does at once.
N, M, D = 300, 320, 3000

KERNELS = (
    Polynomial(),
    Polynomial(2, 0.3, 0.0),
    Gaussian(50.0),
    0.5 * Gaussian((40.0, 80.0)),
    Distance(),
    Linear(),
    Gaussian(30.0).on(torch.tanh),
)


@pytest.fixture(params=[True, False], ids=["with bfloat16", "without"])
def units(request, monkeypatch):
    """The processor multiplies bfloat16 fast, or does not."""
    monkeypatch.setattr(narrow, "fast_bf16", lambda: request.param)
    return request.param


def pair(rng, shift=0.1, scale=1.0):
    x, y = torch.randn(N, D, generator=rng), scale * torch.randn(M, D, generator=rng) + shift
    return x.double(), y.double()


@pytest.mark.parametrize("k", KERNELS, ids=lambda k: repr(k)[:24])
@pytest.mark.parametrize("shift", [0.0, 0.1])
def test_value_and_error_are_those_of_float64(rng, units, k, shift):
    x, y = pair(rng, shift)
    found, exact = Against(k, x)(y), blockwise(k, x, y)
    assert found.arithmetic in ("bfloat16", "float32")
    stderr = standard_error(exact)
    assert abs(float(Unbiased()(found) - Unbiased()(exact))) <= TOLERANCE * stderr
    # Terms that move by ε of their spread move the variance by 2ε; what is borne is 3ε/√128 of half the standard error.
    assert standard_error(found) == pytest.approx(stderr, rel=0.05)


def test_bfloat16_is_taken_where_it_is_fast_and_the_difference_is_plain(rng, units):
    x, y = pair(rng, 0.5)
    assert Against(Polynomial(), x)(y).arithmetic == ("bfloat16" if units else "float32")


def test_few_multiplications_are_float64(rng):
    x, y = pair(rng)
    assert Against(Polynomial(), x[:, :10])(y[:, :10]).arithmetic == "float64"


# Rows far from the origin: a polynomial of such products cancels, and a sum of kernels knows no centre.
@pytest.mark.parametrize(("k", "offset"), [(Polynomial(), 1e7), (Gaussian(60.0) + Gaussian(30.0), 1e8)])
def test_rows_whose_variation_float32_cannot_resolve_are_float64(rng, units, k, offset):
    x, y = (z + offset for z in pair(rng))
    found, exact = Against(k, x)(y), blockwise(k, x, y)
    assert found.arithmetic == "float64"
    torch.testing.assert_close(Unbiased()(found), Unbiased()(exact), rtol=1e-9, atol=0.0)


def test_values_beyond_the_range_of_float32_are_float64(rng, units):
    x, y = (1e15 * z for z in pair(rng))
    found = Against(Polynomial(), x)(y)
    assert found.arithmetic == "float64"
    assert bool(Unbiased()(found).isfinite())


@pytest.mark.parametrize("k", [Polynomial(), Gaussian(50.0), Distance()], ids=["polynomial", "gaussian", "distance"])
def test_blocks_and_threads_change_only_rounding(rng, units, k):
    x, y = pair(rng)
    exact = blockwise(k, x, y)
    stderr, values = standard_error(exact), []
    threads = torch.get_num_threads()
    for count, block in ((1, None), (2, None), (1, 64), (1, 17)):
        torch.set_num_threads(count)
        values.append(Unbiased()(Against(k, x, block)(y)))
    torch.set_num_threads(threads)
    # Kernel values near 1 of 24 bits in another order: a row's mean moves by less than 2^-24·√(rows of a block).
    torch.testing.assert_close(torch.stack(values), values[0].expand(4), rtol=0.0, atol=32 * 2**-24)
    assert TOLERANCE * stderr > 32 * 2**-24


def test_the_data_are_compared_with_themselves_once(rng):
    seen = []

    class Watched(Kernel):
        def __call__(self, x, y):
            seen.append((len(x), len(y)))
            return Gaussian(1.0)(x, y)

    x = torch.randn(50, 2, generator=rng).double()
    against = Against(Watched(), x)
    for m in (40, 41, 42):
        assert float(Unbiased()(against(z := torch.randn(m, 2, generator=rng).double()))) == pytest.approx(
            float(Unbiased()(blockwise(Gaussian(1.0), x, z))), rel=1e-12
        )
    assert seen.count((50, 50)) == 1
