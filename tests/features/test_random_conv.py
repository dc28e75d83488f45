"""Random convolutions: fixed by the seed, the same as plain loops, sizes and refusals."""

import numpy as np
import pytest
import torch

from pushforward.errors import Refused
from pushforward.features import RandomConv
from pushforward.features.rgb import rgb


def pictures(n=3, channels=3, side=8, seed=0):
    return torch.rand(n, channels, side, side, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def test_equals_the_sums_written_out():
    """The first level of one picture, in float64 and without a convolution routine."""
    x = np.rint((pictures(1).numpy()[0].astype(np.float64) + 1) * 127.5) / 127.5 - 1
    draw = np.random.default_rng(0)
    weight = draw.standard_normal((64, 3, 3, 3), dtype=np.float32).astype(np.float64) * (2 / 27) ** 0.5
    around = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    level = np.array([[[(weight[k] * around[:, i : i + 3, j : j + 3]).sum() for j in range(8)] for i in range(8)]
                      for k in range(64)]).clip(0)  # fmt: skip
    quadrants = level.reshape(64, 2, 4, 2, 4).mean((2, 4)).ravel()
    found = RandomConv()(pictures(1)).numpy()[0]
    assert found.shape == (2 * 256,)
    np.testing.assert_allclose(found[:256], quadrants, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("side", "levels"), [(4, 1), (8, 2), (28, 3), (32, 4), (64, 5), (200, 5)])
def test_levels_go_down_to_four_pixels(side, levels):
    assert RandomConv()(pictures(1, 1, side)).shape == (1, 256 * levels)


def test_the_seed_is_all_that_it_depends_on():
    x = pictures()
    assert torch.equal(RandomConv(seed=3)(x), RandomConv(seed=3)(x))
    assert not torch.equal(RandomConv(seed=3)(x), RandomConv()(x))
    assert RandomConv().protocol == RandomConv(low=0.0).protocol
    assert RandomConv().protocol["weights"] != RandomConv(seed=1).protocol["weights"]
    assert RandomConv().key != RandomConv(low=0.0).key


def test_the_scale_stays_from_level_to_level():
    """E y² of a normal input stays E x²/2 after ReLU; means over few positions keep the order of magnitude."""
    z = RandomConv()(pictures(8, 3, 32)).reshape(8, 4, 256).square().mean((0, 2))
    assert float(z.max() / z.min()) < 10


def test_ranges_and_gray_give_the_same():
    shown = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    expected = RandomConv()(shown)
    assert torch.equal(RandomConv(low=0.0, high=1.0)(shown / 255), expected)
    assert torch.equal(RandomConv()(shown.expand(1, 3, 16, 16)), expected)


@pytest.mark.parametrize("shape", [(5, 7), (2, 2, 8, 8), (2, 3, 3, 8)])
def test_refuses_what_is_no_picture_or_too_small(shape):
    with pytest.raises(Refused, match="features random-conv need pictures"):
        RandomConv()(torch.zeros(shape))


def test_a_gradient_passes_through_the_rounding_to_8_bits():
    """The value is that of rounded grey levels, the slope that of 255 levels between black and white."""
    x = torch.tensor([-0.999, 0.003, 0.9]).reshape(1, 1, 1, 3).requires_grad_()
    levels = rgb(x, -1.0, 1.0, "me")
    assert torch.equal(levels, rgb(x.detach(), -1.0, 1.0, "me"))
    levels[:, 0].sum().backward()
    assert torch.equal(x.grad, torch.full_like(x, 127.5))
