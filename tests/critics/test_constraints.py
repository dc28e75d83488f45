"""Clipping, and Li's critic whole."""

import pytest
import torch
from torch import nn

from pushforward.critics import Adversarial, Autoencoder, Clipping, Reconstruction, View
from pushforward.discrepancies import MMD, Biased, OneSidedMean, Root
from pushforward.errors import Refused
from pushforward.kernels import Gaussian
from pushforward.spaces import Batch


@pytest.fixture
def doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def large(module: nn.Module) -> nn.Module:
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn_like(p))
    return module


def test_clipping_is_the_clamp_of_every_parameter():
    f = large(nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)))
    f[1].running_mean.fill_(7.0)
    expected = [p.detach().clamp(-0.1, 0.1) for p in f.parameters()]
    Clipping(0.1).project(f)
    assert all(torch.equal(p, e) for p, e in zip(f.parameters(), expected, strict=True))
    assert torch.equal(f[1].running_mean, torch.full((4,), 7.0)), "statistics are no parameters"


def test_of_an_autoencoder_the_encoder_alone_is_clipped():
    f = large(Autoencoder(nn.Linear(3, 2), nn.Linear(2, 3)))
    decoder = [p.detach().clone() for p in f.decoder.parameters()]
    expected = [p.detach().clamp(-0.01, 0.01) for p in f.encoder.parameters()]
    Clipping(0.01).project(f)
    assert all(torch.equal(p, e) for p, e in zip(f.encoder.parameters(), expected, strict=True))
    assert all(torch.equal(p, e) for p, e in zip(f.decoder.parameters(), decoder, strict=True))


@pytest.mark.parametrize("bound", [0.0, -1.0, float("nan")])
def test_a_bound_that_bounds_nothing_is_refused(bound):
    with pytest.raises(Refused, match="bound of Clipping must be positive"):
        Clipping(bound)


def test_a_critic_that_cannot_rebuild_is_refused():
    with pytest.raises(Refused, match="Reconstruction needs an Autoencoder as critic, got Linear"):
        Adversarial(Root(MMD()), nn.Linear(2, 2), Reconstruction())


def test_reconstruction_is_the_mean_square_of_both_sides(doubles):
    f = Autoencoder(nn.Linear(3, 2), nn.Linear(2, 3))
    x, y = torch.randn(5, 3), torch.randn(4, 3)
    expected = sum(((h - f.decoder(f.encoder(h))) ** 2).sum() / h.numel() for h in (x, y))
    got = Reconstruction(8.0).tax(View(Root(MMD()), f, Batch(x), Batch(y)))
    torch.testing.assert_close(got, 8 * expected, rtol=1e-13, atol=0)


def transcribed(e, d, x, y, sigmas):
    """M + 16·R − 8·A_x − 8·A_y and M + 16·R, from Li et al. (2017), in plain loops over pairs."""

    def mean_kernel(a, b):
        total = 0.0
        for p in a:
            for q in b:
                s = ((p - q) ** 2).sum()
                total = total + sum(torch.exp(-s / (2 * sigma**2)) for sigma in sigmas)
        return total / (len(a) * len(b))

    ex, ey = e(x), e(y)
    M = torch.sqrt(torch.relu(mean_kernel(ex, ex) + mean_kernel(ey, ey) - 2 * mean_kernel(ex, ey)))
    R = -torch.relu(-(ex.mean(0) - ey.mean(0))).mean()
    A = ((x - d(ex)) ** 2).mean() + ((y - d(ey)) ** 2).mean()
    return M + 16 * R - 8 * A, M + 16 * R


def test_lis_critic_is_the_papers_objective_values_and_gradients(doubles):
    sigmas = (1.0, 2.0, 4.0, 8.0, 16.0)
    f = Autoencoder(nn.Linear(3, 2), nn.Linear(2, 3))
    D = Root(MMD(Gaussian(sigmas), Biased())) + 16 * OneSidedMean()
    critic = Adversarial(D, f, Clipping(0.01), Reconstruction(8.0))
    x, y = torch.randn(6, 3), torch.randn(6, 3) + 0.5
    objective, loss = transcribed(f.encoder, f.decoder, x, y, sigmas)
    assert (f.encoder(x).mean(0) < f.encoder(y).mean(0)).any(), "the one-sided mean is at work"
    got, lowered = critic.objective(Batch(x), Batch(y)), critic.loss(Batch(x), Batch(y))
    # sums of 36 kernel values near 5: rounding below 1e-14, and the root of a difference near 0.1 multiplies it by ten
    torch.testing.assert_close(got, objective, rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(lowered, loss, rtol=1e-11, atol=1e-11)
    parameters = list(f.parameters())
    for a, b in zip(torch.autograd.grad(got, parameters), torch.autograd.grad(objective, parameters), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-10)


def test_the_one_sided_mean_counts_only_the_wrong_order(doubles):
    ex, ey = torch.tensor([[1.0, 2.0, 0.0]]), torch.tensor([[0.0, 5.0, 1.0]])
    assert OneSidedMean()(ex, ey).item() == pytest.approx(-(0 + 3 + 1) / 3, abs=1e-15)
    assert OneSidedMean()(ey, ex).item() == pytest.approx(-1 / 3, abs=1e-15)
    assert not OneSidedMean().one_sided, "it reads both sides"
