"""Laws that every bijector obeys, of vectors and of pictures: inverse, determinant, gradients, float32, preparation."""

import pytest
import torch
from torch import nn

from pushforward import bijectors
from pushforward.bijectors import (
    ActNorm,
    Autoregressive,
    Bijector,
    Chain,
    Channels,
    Checkerboard,
    Couplings,
    Flattened,
    Interleaved,
    Inverted,
    Logit,
    Mixing,
    MultiScale,
    Squeeze,
)
from pushforward.monotone import Affine, LogisticMixture, Spline
from pushforward.networks import Convolutional, Dense

MAPS = (Affine(), LogisticMixture(4), Spline(5))


def stirred(f):
    """Weights and biases of order one tenth, since networks begin at 0."""
    with torch.no_grad():
        for p in f.parameters():
            p.add_(0.1 * torch.randn_like(p))
    return f


def vectors(T, layers=3, d=5, classes=0):
    a, b = (d + 1) // 2, d // 2
    sizes = [(a, b) if i % 2 == 0 else (b, a) for i in range(layers)]
    return Couplings(Interleaved(), T, (a, b), [Dense(n, m * T.size, (8, 8), classes) for n, m in sizes])


def pictures(T, halves, sizes, layers=2, classes=0):
    pairs = [sizes if i % 2 == 0 else sizes[::-1] for i in range(layers)]
    return Couplings(halves, T, sizes, [Convolutional(n, m * T.size, 6, 1, classes) for n, m in pairs])


def scales():
    first = Chain([pictures(Affine(), Checkerboard(), (1, 1)), Squeeze(), Mixing(4)])
    return MultiScale([(first, (4, 2, 4)), (Chain([ActNorm(2), Squeeze(), Mixing(8)]), (8, 1, 2))])


CASES = {
    "act norm of vectors": (lambda: ActNorm(5), (5,)),
    "act norm of pictures": (lambda: ActNorm(3), (3, 2, 2)),
    "mixing of vectors": (lambda: Mixing(5), (5,)),
    "mixing of pictures": (lambda: Mixing(3), (3, 2, 2)),
    "squeeze": (Squeeze, (2, 4, 2)),
    "flattened": (lambda: Flattened((2, 3, 1)), (2, 3, 1)),
    "logit": (lambda: Logit(-1.0, 3.0), (4,)),
    "logit without a margin": (lambda: Logit(-1.0, 3.0, 0.0), (4,)),
    "scaled logit": (lambda: Logit(-1.0, 3.0, 0.01, 0.5), (4,)),
    "chain": (lambda: Chain([ActNorm(5), Mixing(5), vectors(Affine())]), (5,)),
    "multi-scale": (scales, (1, 4, 8)),
    "labels of vectors": (lambda: vectors(Affine(), classes=3), (5,)),
    "labels of pictures": (lambda: pictures(Affine(), Channels(), (2, 1), classes=3), (3, 2, 2)),
    "autoregressive with labels": (lambda: Autoregressive(Affine(), (0, 1, 2, 3), (16,), 3), (4,)),
    "autoregressive in groups": (lambda: Autoregressive(Affine(), (1, 0, 1, 2, 0), (16, 16)), (5,)),
    "one group alone": (lambda: Autoregressive(Affine(), (0, 0, 0), (4,)), (3,)),
    "inverted": (lambda: Inverted(Autoregressive(Affine(), (0, 1, 2), (16,))), (3,)),
}
for T in MAPS:
    CASES[f"couplings of vectors, {T}"] = lambda T=T: vectors(T), (5,)
    CASES[f"couplings of two coordinates, {T}"] = lambda T=T: vectors(T, 4, 2), (2,)
    CASES[f"couplings of channels, {T}"] = lambda T=T: pictures(T, Channels(), (2, 1), 3), (3, 2, 2)
    CASES[f"couplings of a checkerboard, {T}"] = lambda T=T: pictures(T, Checkerboard(), (2, 2)), (2, 4, 2)
    CASES[f"autoregressive, {T}"] = lambda T=T: Autoregressive(T, range(4), (16, 16)), (4,)


@pytest.fixture(params=CASES, ids=str)
def case(request):
    """A bijector in float64 with weights stirred, points, and their labels."""
    torch.manual_seed(0)
    make, shape = CASES[request.param]
    x = torch.randn(6, *shape, dtype=torch.float64)
    x = 0.999 * x.tanh() * 2 + 1 if "logit" in request.param else x
    return stirred(make().double()), x, torch.arange(6) % 3


def test_every_member_is_tried():
    tried = {type(m) for make, _ in CASES.values() for m in make().modules() if isinstance(m, Bijector)}
    members = {c for c in vars(bijectors).values() if isinstance(c, type) and issubclass(c, Bijector)}
    assert members - {Bijector} == tried


def test_its_inverse_inverts(case):
    f, x, label = case
    with torch.no_grad():
        y, _ = f(x, label)
        torch.testing.assert_close(f.inverse(y, label), x, rtol=1e-7, atol=1e-7)
        again, _ = f(f.inverse(y, label), label)
        torch.testing.assert_close(again, y, rtol=1e-7, atol=1e-7)


def test_the_determinant_is_that_of_the_jacobian(case):
    f, x, label = case
    _, log_det = f(x, label)
    for i in range(3):
        one = lambda v, i=i: f(v.view(1, *x.shape[1:]), label[i : i + 1])[0].flatten()
        J = torch.autograd.functional.jacobian(one, x[i].flatten())
        torch.testing.assert_close(log_det[i].detach(), torch.linalg.slogdet(J)[1], rtol=1e-8, atol=1e-8)


def test_the_inverse_can_be_learnt_through(case):
    """Gradients of the inverse in its input are the inverse of the Jacobian; those in the weights are finite."""
    f, x, label = case
    y = f(x, label)[0].detach().requires_grad_()
    back = f.inverse(y, label)
    v = torch.randn_like(back)
    back.backward(v)
    one = lambda u: f(u.view(1, *x.shape[1:]), label[:1])[0].flatten()
    J = torch.autograd.functional.jacobian(one, x[0].flatten())
    torch.testing.assert_close(y.grad[0].flatten(), torch.linalg.solve(J.T, v[0].flatten()), rtol=1e-5, atol=1e-6)
    assert all(p.grad is None or p.grad.isfinite().all() for p in f.parameters())


@pytest.mark.parametrize("T", MAPS, ids=repr)
@pytest.mark.parametrize("kind", ["couplings", "autoregressive"])
def test_float32_is_stable_at_32_layers(T, kind):
    """Thirty-two layers with weights stirred: round trips to 1e-3 of the data's size, in float32."""
    torch.manual_seed(0)
    if kind == "couplings":
        f = vectors(T, 32, 6)
    else:
        f = Chain([b for _ in range(16) for b in (Autoregressive(T, range(6), (16,)), ActNorm(6))])
    f, x = stirred(f), torch.randn(200, 6)
    with torch.no_grad():
        f.prepare(x)
        y, log_det = f(x)
        assert y.isfinite().all()
        assert log_det.isfinite().all()
        error = (f.inverse(y) - x).abs().amax(1)
    assert error.median() < 1e-4
    assert error.max() < 1e-2


def test_act_norm_begins_at_the_data_and_leaves_a_constant_channel():
    torch.manual_seed(0)
    x = torch.stack([5 + 3 * torch.randn(1000), torch.full((1000,), 7.0)], 1)
    f = ActNorm(2)
    f.prepare(x)
    y = f(x)[0].detach()
    torch.testing.assert_close(y.mean(0), torch.zeros(2), rtol=0, atol=1e-5)
    torch.testing.assert_close(y.std(0, correction=0), torch.tensor([1.0, 0.0]), rtol=0, atol=1e-5)
    assert f.log_scale[1] == 0


def test_preparation_reaches_every_norm():
    """After it, what comes out of couplings that change nothing has mean 0 and deviation 1, whatever came in."""
    torch.manual_seed(0)
    x = 100 + 20 * torch.randn(2000, 4)
    f = vectors(Affine(), 2, 4)
    f.prepare(x)
    y = f(x)[0].detach()
    torch.testing.assert_close(y.mean(0), torch.zeros(4), rtol=0, atol=1e-3)
    torch.testing.assert_close(y.std(0, correction=0), torch.ones(4), rtol=0, atol=1e-3)


def test_a_triangular_map_reads_earlier_groups_alone():
    torch.manual_seed(0)
    groups = torch.tensor([1, 0, 1, 2, 0])
    f = stirred(Autoregressive(Affine(), groups.tolist(), (16, 16)).double())
    x = torch.randn(5, dtype=torch.float64)
    J = torch.autograd.functional.jacobian(lambda v: f(v[None])[0][0], x)
    earlier = groups[None, :] < groups[:, None]
    assert (J.abs() > 1e-12).equal(earlier | torch.eye(5, dtype=torch.bool))


def test_draws_given_the_first_coordinates_keep_them():
    torch.manual_seed(0)
    f = stirred(Autoregressive(Affine(), (1, 0, 2), (16,)).double())
    x, y = torch.randn(4, 3, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    with torch.no_grad():
        drawn = f.continued(x, y, known=1)
        torch.testing.assert_close(drawn[:, 1], x[:, 1], rtol=0, atol=0)
        torch.testing.assert_close(f(drawn)[0][:, [0, 2]], y[:, [0, 2]], rtol=1e-9, atol=1e-9)


def test_halves_make_up_the_point():
    x = torch.arange(2 * 3 * 4 * 6.0).view(2, 3, 4, 6)
    for halves, point in ((Checkerboard(), x), (Channels(), x), (Interleaved(), x[:, :, 0, 0])):
        torch.testing.assert_close(halves.together(*halves.apart(point)), point, rtol=0, atol=0)
    rows, columns = torch.meshgrid(torch.arange(4), torch.arange(6), indexing="ij")
    even = Checkerboard().apart(((rows + columns) % 2.0).expand(1, 1, 4, 6))
    assert not even[0].any()
    assert even[1].all()


def test_a_network_begins_at_zero():
    torch.manual_seed(0)
    for network, x in (
        (Dense(3, 8, (5,), 2), torch.randn(4, 3)),
        (Convolutional(3, 8, 5, 2, 2), torch.randn(4, 3, 2, 2)),
    ):
        assert not network(x, torch.tensor([0, 1, 0, 1])).any()
        assert any(p.abs().sum() > 0 for p in network.parameters())
    assert isinstance(network, nn.Module)


def test_preparation_gives_what_the_map_then_gives(case):
    """One pass: what it returns is f of the points, with the scales that it has just taken."""
    f, x, label = case
    with torch.no_grad():
        prepared = f.prepare(x, label)
        torch.testing.assert_close(prepared, f(x, label)[0], rtol=1e-9, atol=1e-9)
