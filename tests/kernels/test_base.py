"""The algebra, and that a frozen map runs once."""

import torch

from pushforward.kernels import Gaussian, Kernel, Linear, On


def test_a_map_runs_once_on_equal_arguments(rng):
    calls = []

    def f(x):
        calls.append(len(x))
        return x.tanh()

    x, y = torch.randn(5, 2, generator=rng), torch.randn(4, 2, generator=rng)
    k = 2.0 * Gaussian(1.0).on(f)
    k.kernel(x, x)
    assert calls == [5]
    inside, fx, fy = k.pulled(x, y)
    assert inside == 2.0 * Gaussian(1.0)
    assert calls == [5, 5, 4]
    torch.testing.assert_close(inside(fx, fy), k(x, y))


def test_maps_compose(rng):
    x = torch.randn(5, 2, generator=rng, dtype=torch.float64)
    nested = Linear().on(torch.sin).on(torch.exp)  # the last map is the first to see the data
    assert isinstance(nested, On)
    torch.testing.assert_close(nested(x, x), x.exp().sin() @ x.exp().sin().T)


def test_images_are_for_maps_that_flatten(rng):
    x = torch.rand(5, 1, 4, 4, generator=rng)
    assert Gaussian(1.0).on(torch.nn.Flatten())(x, x).shape == (5, 5)


def test_one_method_makes_a_kernel(rng):
    class Shifted(Kernel):
        def __call__(self, x, y):
            return x @ y.T + 1

    x = torch.randn(70, 2, generator=rng, dtype=torch.float64)
    torch.testing.assert_close(Shifted().diag(x), x.square().sum(1) + 1)
    torch.testing.assert_close((Shifted() + Linear()).components(x, x)[1], x @ x.T)
