"""Laws that every kernel obeys: the classes are found by walking the room."""

from dataclasses import MISSING, fields

import pytest
import torch

from pushforward import kernels
from pushforward.kernels import (
    Distance,
    Gaussian,
    InverseMultiquadric,
    Kernel,
    Laplacian,
    Linear,
    On,
    Polynomial,
    Radial,
    RationalQuadratic,
    Scaled,
    Sum,
)
from pushforward.testing.kernels import LAWS

# A kernel whose options have no defaults must be given one example here, or the walk below fails.
EXAMPLES = {
    Sum: Sum(Gaussian((0.5, 2.0)), Linear()),
    Scaled: Scaled(3.0, RationalQuadratic()),
    On: On(Gaussian(1.0), torch.sin),
}
VARIANTS = (
    Gaussian((0.7, 1.0, 3.0)),
    Laplacian((0.5, 2.0)),
    InverseMultiquadric((0.5, 2.0)),
    RationalQuadratic((0.5, 2.0), (1.0, 3.0)),
    Distance(1.5),
    Distance(0.7, (1.0, -1.0, 0.5)),
    Polynomial(2, 0.5, 0.0),
    2.0 * (Gaussian(1.0).on(torch.tanh) + 0.5 * Linear()),
)


def classes():
    """The concrete kernels of the room."""
    found = [getattr(kernels, name) for name in kernels.__all__]
    return [c for c in found if isinstance(c, type) and issubclass(c, Kernel) and c not in (Kernel, Radial)]


def example(c):
    """The kernel as it comes, or the example above."""
    assert c in EXAMPLES or all(f.default is not MISSING for f in fields(c)), f"{c} needs an example"
    return EXAMPLES[c] if c in EXAMPLES else c()


ALL = [example(c) for c in classes()] + list(VARIANTS)

each = pytest.mark.parametrize("k", ALL, ids=lambda k: repr(k).partition("<")[0])


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@each
def test_law(k, law):
    law(k)


@each
def test_fitted_is_itself_without_a_choice(k, rng):
    assert k.fitted(torch.randn(5, 3, generator=rng, dtype=torch.float64)) == k
