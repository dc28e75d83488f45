"""Laws that every increasing map obeys, and closed forms of each."""

import numpy as np
import pytest
import torch
from scipy.special import logit
from scipy.stats import logistic

from pushforward import monotone, testing
from pushforward.errors import Refused
from pushforward.monotone import Affine, LogisticMixture, Monotone, Spline

MEMBERS = [c for c in vars(monotone).values() if isinstance(c, type) and issubclass(c, Monotone) and c is not Monotone]
each = pytest.mark.parametrize(
    "T", [*(c() for c in MEMBERS), Affine(0.5), LogisticMixture(1), Spline(2, 1.0), Spline(20)], ids=repr
)


@pytest.mark.parametrize("law", testing.monotone.LAWS, ids=lambda law: law.name)
@each
def test_law(T, law):
    law(T)


def test_a_map_has_the_laws_of_its_room():
    assert testing.laws(Spline()) == testing.monotone.LAWS


def test_a_mixture_is_scipys():
    """logit Σ w σ((x − m)/s) and the density's logarithm, by SciPy's logistic law."""
    rng = np.random.default_rng(0)
    T = LogisticMixture(3)
    p = torch.from_numpy(rng.normal(size=9))
    log_w, m, log_s = (part.numpy() for part in T.parts(p))
    x = np.linspace(-6, 6, 25)
    w = np.exp(log_w)[:, None]
    F = (w * logistic.cdf(x, m[:, None], np.exp(log_s)[:, None])).sum(0)
    f = (w * logistic.pdf(x, m[:, None], np.exp(log_s)[:, None])).sum(0)
    y, log_slope = T(torch.from_numpy(x), p.expand(25, -1))
    np.testing.assert_allclose(y.numpy(), logit(F), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(log_slope.numpy() + np.log(logistic.pdf(y.numpy())), np.log(f), rtol=1e-9, atol=1e-9)


def test_a_mixture_has_digits_in_both_tails():
    """One component is y = (x − m)/s, however far out, in float32 too."""
    T, x = LogisticMixture(1), torch.tensor([-1e5, -50.0, 0.0, 50.0, 1e5])
    y, log_slope = T(x, torch.zeros(5, 3))
    torch.testing.assert_close(y, x, rtol=1e-6, atol=0)
    torch.testing.assert_close(log_slope, torch.zeros(5), rtol=0, atol=1e-5)
    torch.testing.assert_close(T.inverse(y, torch.zeros(5, 3)), x, rtol=1e-6, atol=1e-6)


def test_a_spline_goes_through_its_knots_at_its_slopes():
    """Two bins that meet at (x₁, y₁): the value and both one-sided slopes there are the parameters'."""
    T = Spline(2, 1.0)
    p = torch.tensor([0.0, 0.0, 1.0, -1.0, -0.5, 0.5, 0.7], dtype=torch.float64)
    shares = 1e-3 + (1 - 2e-3) * torch.softmax(p[2:4], 0), 1e-3 + (1 - 2e-3) * torch.softmax(p[4:6], 0)
    x1, y1 = (2 * s[0] - 1 for s in shares)
    slope = 1e-3 + torch.nn.functional.softplus(p[6] + np.log(np.expm1(1 - 1e-3)))
    for side in (-1e-9, 1e-9):
        y, log_slope = T((x1 + side)[None], p[None])
        torch.testing.assert_close(y[0], y1, rtol=0, atol=1e-7)
        torch.testing.assert_close(log_slope[0].exp(), slope, rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Affine(0.0), "bound of Affine must be positive, got 0.0"),
        (lambda: LogisticMixture(0), "components of LogisticMixture must be at least 1, got 0"),
        (lambda: Spline(1), "bins of Spline must be at least 2 and below 500, got 1"),
        (lambda: Spline(bound=-1.0), r"bound of Spline must be positive, got -1.0"),
    ],
)
def test_options_out_of_range_are_refused(make, said):
    with pytest.raises(Refused, match=said):
        make()
