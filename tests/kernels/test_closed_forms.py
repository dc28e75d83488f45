"""Values of each kernel against another implementation, or the formula written out by SciPy's distances."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from sklearn.gaussian_process.kernels import RationalQuadratic as GaussianProcessRQ
from sklearn.metrics.pairwise import linear_kernel, polynomial_kernel, rbf_kernel

from pushforward.errors import Refused
from pushforward.kernels import (
    Distance,
    Gaussian,
    InverseMultiquadric,
    Laplacian,
    Linear,
    Median,
    Polynomial,
    RationalQuadratic,
)

FORMS = {
    Gaussian((0.5, 2.0)): lambda x, y: rbf_kernel(x, y, gamma=1 / (2 * 0.25)) + rbf_kernel(x, y, gamma=1 / 8),
    RationalQuadratic((0.2, 5.0), 2.0): lambda x, y: sum(GaussianProcessRQ(2.0, a)(x, y) for a in (0.2, 5.0)),
    Laplacian((0.5, 2.0)): lambda x, y: np.exp(-2 * cdist(x, y)) + np.exp(-cdist(x, y) / 2),
    InverseMultiquadric(2.0): lambda x, y: 4 / (4 + cdist(x, y) ** 2),
    Linear(): linear_kernel,
    Polynomial(): polynomial_kernel,  # scikit-learn's defaults are KID's: degree 3, gamma 1/d, offset 1
    Polynomial(2, 0.5, 3.0): lambda x, y: polynomial_kernel(x, y, 2, 0.5, 3.0),
    Distance(1.5, (1.0, 2.0, 3.0, 4.0)): lambda x, y: (
        0.5 * (cdist(x, B) ** 1.5 + cdist(y, B).T ** 1.5 - cdist(x, y) ** 1.5)
    ),
}
B = np.array([[1.0, 2.0, 3.0, 4.0]])


@pytest.mark.parametrize("k", FORMS, ids=repr)
def test_values(k, rng):
    x, y = torch.randn(9, 4, generator=rng, dtype=torch.float64), torch.randn(7, 4, generator=rng, dtype=torch.float64)
    np.testing.assert_allclose(k(x, y).numpy(), FORMS[k](x.numpy(), y.numpy()), rtol=1e-11, atol=1e-13)


def test_distance_kernel_is_the_covariance_of_brownian_motion():
    t = torch.linspace(0.1, 3.0, 8, dtype=torch.float64).view(8, 1)
    torch.testing.assert_close(Distance()(t, t), torch.minimum(t, t.T))


@pytest.mark.parametrize(
    ("make", "option"),
    [
        (lambda: Gaussian(0.0), "bandwidth of Gaussian"),
        (lambda: Gaussian((1.0, -2.0)), "bandwidth of Gaussian"),
        (lambda: Gaussian(()), "bandwidth of Gaussian"),
        (lambda: Laplacian(float("nan")), "bandwidth of Laplacian"),
        (lambda: InverseMultiquadric(float("inf")), "bandwidth of InverseMultiquadric"),
        (lambda: RationalQuadratic(-1.0), "alpha of RationalQuadratic"),
        (lambda: RationalQuadratic(1.0, 0.0), "bandwidth of RationalQuadratic"),
        (lambda: Median((0.0,)), "factors of Median"),
        (lambda: Distance(2.0), "exponent of Distance"),
        (lambda: Polynomial(0), "degree of Polynomial"),
        (lambda: Polynomial(3, -1.0), "gamma of Polynomial"),
        (lambda: Polynomial(3, 1.0, -1.0), "offset of Polynomial"),
        (lambda: -1 * Linear(), "multiple of a kernel"),
    ],
)
def test_what_is_no_kernel_is_refused(make, option):
    with pytest.raises(Refused, match=f"{option} must"):
        make()
