"""What each plan is, in its paper's numbers."""

import pytest
import torch
from torch import nn

from pushforward.networks import (
    DCGAN,
    MLP,
    SNDCGAN,
    Cells,
    ClassNorm,
    Concatenated,
    ConvPool,
    Head,
    LargeResNet,
    Maxout,
    Projection,
    SNResNet,
    StridedDCGAN,
    Suited,
)
from pushforward.networks.conditional import UpBlock
from pushforward.networks.maxout import MaxoutLayer
from pushforward.networks.residual import DownBlock
from pushforward.spaces import Image, Vector


def kinds(network: nn.Module, kind: type) -> list:
    return [m for m in network.modules() if isinstance(m, kind)]


@pytest.mark.parametrize(
    ("size", "generator", "critic"),
    [
        (28, [(128, 64), (64, 1)], [(1, 64), (64, 128)]),
        (32, [(256, 128), (128, 64), (64, 1)], [(1, 64), (64, 128), (128, 256)]),
        (64, [(512, 256), (256, 128), (128, 64), (64, 1)], [(1, 64), (64, 128), (128, 256), (256, 512)]),
    ],
)
@pytest.mark.parametrize("kernel", [4, 5])
def test_dcgan_doubles_channels_as_it_halves_sides(size, generator, critic, kernel):
    """64 channels beside the picture; 4×4 (7×7 for 28 pixels) at the other end."""
    plan, space = DCGAN(64, kernel), Image(1, size, size)
    g, f = plan.generator(10, space), plan.critic(space, 1)
    ups, downs = kinds(g, nn.ConvTranspose2d), kinds(f, nn.Conv2d)
    assert [(m.in_channels, m.out_channels) for m in ups] == generator
    assert [(m.in_channels, m.out_channels) for m in downs] == critic
    assert {m.kernel_size for m in ups + downs} == {(kernel, kernel)}
    assert {m.stride for m in ups + downs} == {(2, 2)}
    side = 7 if size == 28 else 4
    assert g[0].out_features == generator[0][0] * side**2
    assert f[-1].in_features == critic[-1][1] * side**2
    assert len(kinds(g, nn.BatchNorm2d)) == len(generator), "none at the picture, one after each other layer"
    assert len(kinds(f, nn.BatchNorm2d)) == len(critic) - 1, "none at the picture"


@pytest.mark.parametrize(
    ("kernel", "sides"),
    [
        (4, [(37, 53), (18, 26), (9, 13), (4, 6)]),
        (5, [(37, 53), (19, 27), (10, 14), (5, 7)]),
        (4, [(128, 64), (64, 32), (32, 16), (16, 8), (8, 4)]),
        (5, [(100, 75), (50, 38), (25, 19), (13, 10), (7, 5)]),
    ],
)
def test_dcgan_halves_odd_sides_and_back(kernel, sides):
    """4×4 rounds halves down, 5×5 up; the generator passes the same sides the other way, each of them exactly."""
    plan, space = DCGAN(2, kernel), Image(3, *sides[0])
    seen = []
    for network, x in (
        (plan.critic(space, 1), torch.randn(2, *space.shape)),
        (plan.generator(5, space), torch.randn(2, 5)),
    ):
        seen.append([])
        for m in kinds(network, (nn.Conv2d, nn.ConvTranspose2d)):
            m.register_forward_hook(lambda m, x, y, into=seen[-1]: into.append(tuple(y.shape[2:])))
        assert torch.isfinite(network(x)).all()
    assert seen == [sides[1:], sides[-2::-1]]


@pytest.mark.parametrize("kernel", [4, 5])
@pytest.mark.parametrize("side", [9, 15, 37])
def test_no_pixel_is_out_of_dcgans_sight(side, kernel):
    """A critic whose odd sides are halved with a rest still depends on every pixel of the picture's edges."""
    torch.manual_seed(0)
    space = Image(1, side, side)
    x = torch.randn(4, *space.shape, requires_grad=True)
    f = DCGAN(2, kernel, critic_batch_norm=False).critic(space, 1).double()
    (slope,) = torch.autograd.grad(f(x.double()).sum(), x)
    assert (slope != 0).all()


def test_dcgan_without_batch_norm():
    space = Image(3, 32, 32)
    assert kinds(DCGAN(8, batch_norm=False).generator(5, space), nn.BatchNorm2d) == []
    assert kinds(DCGAN(8, critic_batch_norm=False).critic(space, 1), nn.BatchNorm2d) == []


def test_dcgan_draws_weights_from_its_normal_law():
    """N(0, 0.02²): of n weights the mean errs by 0.02/√n, the deviation by 0.02/√(2n); five of them. No offsets."""
    space = Image(3, 32, 32)
    for network in (DCGAN(32).generator(100, space), DCGAN(32).critic(space, 10)):
        for m in kinds(network, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            w, n = m.weight.detach().double(), m.weight.numel()
            assert abs(w.mean().item()) < 5 * 0.02 / n**0.5
            assert abs(w.std().item() - 0.02) < 5 * 0.02 / (2 * n) ** 0.5
            assert m.bias is None or not m.bias.any()
        scales = torch.cat([m.weight.detach().double() for m in kinds(network, nn.BatchNorm2d)])
        assert abs(scales.mean().item() - 1.0) < 5 * 0.02 / len(scales) ** 0.5
        assert abs(scales.std().item() - 0.02) < 5 * 0.02 / (2 * len(scales)) ** 0.5


def test_an_mlp_is_its_formula():
    g = MLP((4, 5), slope=0.2).generator(3, Vector(2)).double()
    z = torch.randn(6, 3, dtype=torch.float64)
    h = z
    linear = kinds(g, nn.Linear)
    for layer in linear[:-1]:
        h = h @ layer.weight.T + layer.bias
        h = torch.where(h > 0, h, 0.2 * h)
    expected = h @ linear[-1].weight.T + linear[-1].bias
    torch.testing.assert_close(g(z), expected, rtol=1e-12, atol=1e-14)
    assert [m.out_features for m in linear] == [4, 5, 2]


def test_batch_norm_is_the_generators_alone():
    plan = MLP((4, 5), batch_norm=True)
    assert len(kinds(plan.generator(3, Vector(2)), nn.BatchNorm1d)) == 2
    assert kinds(plan.critic(Vector(2), 1), nn.BatchNorm1d) == []


def test_a_maxout_unit_is_the_largest_of_its_pieces():
    layer = MaxoutLayer(3, 4, 5).double()
    x = torch.randn(6, 3, dtype=torch.float64)
    w, b = layer.affine.weight.view(4, 5, 3), layer.affine.bias.view(4, 5)
    expected = torch.stack([(x @ w[:, p].T + b[:, p]) for p in range(5)]).max(0).values
    torch.testing.assert_close(layer(x), expected, rtol=1e-12, atol=1e-14)


def test_the_first_gans_networks():
    """1200–1200 rectifiers against two layers of 240 maxout units of 5 pieces; dropout 0.2 and 0.5."""
    space = Image(1, 28, 28)
    assert [m.out_features for m in kinds(Maxout().generator(100, space), nn.Linear)] == [1200, 1200, 784]
    f = Maxout().critic(space, 1)
    assert [m.affine.out_features for m in kinds(f, MaxoutLayer)] == [1200, 1200]
    assert [m.p for m in kinds(f, nn.Dropout)] == [0.2, 0.5, 0.5]


def test_the_ratio_papers_projector():
    """3×3 convolutions of 16, 32 and 32 channels with batch norm and maxima: 28 → 14 → 7 → 3."""
    f = ConvPool().critic(Image(1, 28, 28), 100)
    assert [m.out_channels for m in kinds(f, nn.Conv2d)] == [16, 32, 32]
    assert len(kinds(f, nn.BatchNorm2d)) == len(kinds(f, nn.MaxPool2d)) == 3
    assert f[-1].in_features == 32 * 9
    assert [m.out_features for m in kinds(ConvPool().generator(100, Image(1, 28, 28)), nn.Linear)] == [
        600,
        600,
        800,
        784,
    ]


def test_the_label_stands_beside_the_noise():
    network = Concatenated(nn.Linear(3 + 4, 2), 4)
    z, label = torch.randn(5, 3), torch.tensor([0, 3, 1, 2, 2])
    expected = network.network(torch.cat([z, torch.eye(4)[label]], 1))
    assert torch.equal(network(z, label), expected)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 1.0), (2.0, 5.0)])
def test_the_last_step_into_a_range(low, high):
    v = torch.tensor([[-40.0, 0.0, 0.5, 40.0]])
    y = Head(Image(1, 2, 2, low, high))(v)
    expected = low + (high - low) * (1 + v.tanh()) / 2
    torch.testing.assert_close(y, expected.view(1, 1, 2, 2))
    assert (y.min().item(), y.max().item()) == (low, high)


def test_which_plan_suits():
    assert Suited().plan(Image(1, 28, 28)) == DCGAN(16)
    assert Suited(64).plan(Image(3, 16, 16)) == DCGAN(64)
    assert Suited().plan(Vector(2)) == MLP((100, 100))
    assert Suited().plan(Image(1, 37, 53)) == DCGAN(16)  # whose sides halve with a rest
    assert Suited().plan(Image(1, 8, 8)) == MLP((256, 256, 256), batch_norm=True)


def shapes(layers) -> list:
    return [(m.in_channels, m.out_channels, m.kernel_size[0], m.stride[0]) for m in layers]


@pytest.mark.parametrize(("size", "narrow"), [(32, 4), (48, 6), (64, 8)])
def test_the_convolutional_pair_of_spectral_normalisation(size, narrow):
    """Miyato et al. (2018), table 3: 64-128-128-256-256-512-512 against 512-256-128-64."""
    space = Image(3, size, size)
    g, f = SNDCGAN().generator(128, space), SNDCGAN().critic(space, 1)
    assert g[0].out_features == 512 * narrow**2
    assert shapes(kinds(g, nn.ConvTranspose2d)) == [(512, 256, 4, 2), (256, 128, 4, 2), (128, 64, 4, 2)]
    assert shapes(kinds(g, nn.Conv2d)) == [(64, 3, 3, 1)]
    assert shapes(kinds(f, nn.Conv2d)) == [
        (3, 64, 3, 1), (64, 128, 4, 2), (128, 128, 3, 1), (128, 256, 4, 2),
        (256, 256, 3, 1), (256, 512, 4, 2), (512, 512, 3, 1),
    ]  # fmt: skip
    assert f[-1].in_features == 512 * narrow**2
    assert {m.negative_slope for m in kinds(f, nn.LeakyReLU)} == {0.1}
    assert len(kinds(g, nn.BatchNorm2d)) == 4
    assert kinds(f, nn.BatchNorm2d) == []


@pytest.mark.parametrize(
    ("size", "up", "down", "narrow"),
    [
        (32, [256, 256, 256, 256], [(3, 128, 2), (128, 128, 2), (128, 128, 1), (128, 128, 1)], 4),
        (48, [512, 256, 128, 64], [(3, 64, 2), (64, 128, 2), (128, 256, 2), (256, 512, 2), (512, 1024, 1)], 6),
        (64, [1024, 512, 256, 128, 64], [(3, 64, 2), (64, 128, 2), (128, 256, 2), (256, 512, 2), (512, 1024, 2)], 4),
    ],
)
def test_the_residual_pair_of_spectral_normalisation(size, up, down, narrow):
    """Miyato et al. (2018), tables 4 and 5; Miyato and Koyama (2018) for 64 pixels."""
    space = Image(3, size, size)
    with torch.device("meta"):
        g, f = SNResNet().generator(128, space), SNResNet().critic(space, 1)
    assert g[0].out_features == up[0] * narrow**2
    assert [(b.wide.in_channels, b.wide.out_channels) for b in kinds(g, UpBlock)] == list(zip(up, up[1:], strict=False))
    found = [
        (b.wide.in_channels, b.deep.out_channels, 1 + isinstance(b.pool, nn.AvgPool2d)) for b in kinds(f, DownBlock)
    ]
    assert found == down
    assert [b.wide.out_channels for b in kinds(f, DownBlock)] == [down[0][1], *(n for n, _, _ in down[1:])]
    assert (f[-1].bias is None) == (size == 32)


def test_a_block_that_halves_is_its_formula():
    block = DownBlock(2, 3, halve=True).double()
    x = torch.randn(4, 2, 6, 6, dtype=torch.float64)
    pool = nn.functional.avg_pool2d
    inner = block.deep(torch.relu(block.wide(torch.relu(x))))
    torch.testing.assert_close(block(x), pool(inner, 2) + block.past(pool(x, 2)), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("width", [16, 64])
def test_the_small_critic_of_mmd_gans(width):
    """Bińkowski et al. (2018): 5×5, stride 2, f-2f-4f-8f and a linear top, against 512-256-128-64 and the picture."""
    space = Image(3, 32, 32)
    g, f = StridedDCGAN(64, width).generator(100, space), StridedDCGAN(64, width).critic(space, 16)
    pairs = [(3, width), (width, 2 * width), (2 * width, 4 * width), (4 * width, 8 * width)]
    assert shapes(kinds(f, nn.Conv2d)) == [(n, m, 5, 2) for n, m in pairs]
    assert (f[-1].in_features, f[-1].out_features) == (8 * width * 4, 16)
    ups = [(512, 256), (256, 128), (128, 64), (64, 3)]
    assert shapes(kinds(g, nn.ConvTranspose2d)) == [(n, m, 5, 2) for n, m in ups]
    assert g[0].out_features == 512 * 4
    assert kinds(f, nn.BatchNorm2d) == []


def test_the_pair_for_160_pixels():
    """A linear map, four residual blocks and a convolution (10 layers) against five convolutions and a linear map."""
    space = Image(3, 160, 160)
    with torch.device("meta"):
        g, f = LargeResNet().generator(128, space), LargeResNet().critic(space, 1)
    assert g[0].out_features == 512 * 100
    assert [b.wide.out_channels for b in kinds(g, UpBlock)] == [512, 256, 128, 64]
    assert [m.out_channels for m in kinds(f, nn.Conv2d)] == [64, 128, 256, 512, 1024]
    assert f[-1].in_features == 1024 * 25


def test_scales_and_offsets_of_a_class():
    layer = ClassNorm(2, 3).double()
    with torch.no_grad():
        layer.scale.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
        layer.offset.weight.copy_(torch.tensor([[0.0, 0.1], [0.2, 0.3], [0.4, 0.5]]))
    x, label = torch.randn(5, 2, 3, 3, dtype=torch.float64), torch.tensor([2, 0, 1, 1, 2])
    mean, variance = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True, correction=0)
    plain = (x - mean) / (variance + 1e-5).sqrt()
    expected = torch.stack([layer.scale.weight[c, :, None, None] * v for v, c in zip(plain, label, strict=True)])
    expected += layer.offset.weight[label][:, :, None, None]
    torch.testing.assert_close(layer(x, label), expected, rtol=1e-10, atol=1e-12)


def test_the_projection_adds_a_last_layer_of_the_class():
    f = Projection(nn.Flatten(), 4, 3, 5).double()
    x, label = torch.randn(6, 4, dtype=torch.float64), torch.tensor([4, 0, 2, 2, 1, 3])
    own = f.of_class.weight.view(5, 3, 4)
    expected = torch.stack([f.common(h) + own[c] @ h for h, c in zip(x, label, strict=True)])
    torch.testing.assert_close(f(x, label), expected, rtol=1e-12, atol=1e-14)


def test_noise_of_a_picture_goes_to_its_own_cell():
    """Without layers between, a pixel sees noise of cells up to two away from its own, and no other."""
    space = Image(1, 28, 28)
    g = Cells(8, depth=0).generator(space.dim, space).eval()
    z = torch.randn(1, space.dim, requires_grad=True)
    g(z)[0, 0, 13, 13].backward()  # within the cell of rows and columns 12 to 15; two convolutions reach two cells
    seen = z.grad.view(28, 28) != 0
    assert bool(seen[4:24, 4:24].any())
    assert not bool(seen[:4].any() or seen[24:].any() or seen[:, :4].any() or seen[:, 24:].any())


def test_cells_take_labels_by_their_norms():
    space = Image(1, 32, 32, classes=("a", "b"))
    g = Cells(8, 1).generator(space.dim, space).eval()
    with torch.no_grad():
        g.norms[0].offset.weight[1] += 1
    z = torch.randn(2, space.dim)
    assert not torch.allclose(g(z, torch.tensor([0, 0]))[1], g(z, torch.tensor([0, 1]))[1])
