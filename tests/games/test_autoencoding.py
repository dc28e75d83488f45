"""Codes against draws of a prior, by a critic or a kernel, and a decoder that only rebuilds."""

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

import pushforward as pf
from pushforward.critics import Adversarial, GradientPenalty
from pushforward.discrepancies import MMD, JensenShannon
from pushforward.errors import Refused
from pushforward.games import Autoencoding, Matching, Simultaneous
from pushforward.kernels import Gaussian, InverseMultiquadric
from pushforward.likelihoods import Gaussian as GaussianLikelihood
from pushforward.likelihoods import SquaredError
from pushforward.networks import MLP
from pushforward.posteriors import Deterministic, DiagonalGaussian, InverseAutoregressive
from pushforward.samplers import Decoder, LatentModel, Normal, Pushforward
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD, Adam

SPACE, PRIOR = Vector(4), Normal(2)
X = torch.randn(16, 4, generator=torch.Generator().manual_seed(0))


def autoencoder(width: int = 8) -> Decoder:
    plan = MLP((width,))
    return sure(plan.encoder(SPACE, PRIOR.dim), plan.generator(PRIOR.dim, SPACE))


def sure(encoder: nn.Module, decoder: nn.Module) -> Decoder:
    return Decoder(encoder, Deterministic(PRIOR.dim), decoder, SquaredError(), PRIOR, SPACE)


def latent(posterior, scale: float = 0.5) -> LatentModel:
    plan = MLP((8,))
    encoder, decoder = plan.encoder(SPACE, posterior.size), plan.generator(PRIOR.dim, SPACE)
    return LatentModel(encoder, posterior, decoder, GaussianLikelihood(scale), PRIOR, SPACE)


def trained(g: Decoder) -> list[nn.Parameter]:
    return [*g.encoder.parameters(), *g.decoder.parameters()]


def turn_of(game, number: int = 0) -> Turn:
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(number, 0.0)
    return turn


def test_one_turn_is_the_algorithm():
    """Written out once more, with plain steps of gradient descent: first the critic's, then the autoencoder's."""
    game = pf.recipes.wae_gan(
        SPACE, MLP((8,)), MLP((8,)), PRIOR, penalty=0.7, tune=SGD(0.1), critic_tune=SGD(0.2), batch_size=16
    )
    a, f = deepcopy(game.sampler), deepcopy(game.discrepancy.f)
    torch.manual_seed(3)
    game.step(lambda: Batch(X), turn_of(game))

    torch.manual_seed(3)
    with torch.no_grad():
        c, code = torch.randn(16, 2), a.encoder(X)
    loss = softplus(-f(c)).mean() + softplus(f(code)).mean()
    for p, slope in zip(f.parameters(), torch.autograd.grad(loss, list(f.parameters())), strict=True):
        p.data -= 0.2 * slope
    torch.randn(16, 2)
    code = a.encoder(X)
    loss = ((X - a.decoder(code)) ** 2).sum() / X.numel() + 0.7 * softplus(-f(code)).mean()
    weights = trained(a)
    for p, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        p.data -= 0.1 * slope

    for expected, found in zip(
        [*weights, *f.parameters()], [*trained(game.sampler), *game.discrepancy.f.parameters()], strict=True
    ):
        torch.testing.assert_close(found, expected)  # fmt: skip


def test_the_decoder_never_sees_the_critic():
    """Its gradient is that of the reconstruction, whatever the weight of the codes."""
    torch.manual_seed(0)
    a, f = autoencoder(), MLP((8,)).critic(Vector(2), 1)
    moved = []
    for penalty in (0.0, 100.0):
        D = Adversarial(JensenShannon(), deepcopy(f))
        game = Autoencoding(SPACE, deepcopy(a), D, penalty, tune=SGD(0.1))
        torch.manual_seed(1)
        game.step(lambda: Batch(X), turn_of(game))
        moved.append(game.sampler)
    for one, other in zip(moved[0].decoder.parameters(), moved[1].decoder.parameters(), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(next(moved[0].encoder.parameters()), next(moved[1].encoder.parameters()))


def test_a_kernel_in_the_place_of_the_critic():
    """WAE-MMD: nobody ascends, and the loss is the mean square and the MMD of codes."""
    kernel = InverseMultiquadric()
    game = Autoencoding(SPACE, autoencoder(), MMD(kernel), 10.0)
    assert dict(game.players()).keys() == {"sampler"}
    assert game.critic() is None
    turn = turn_of(game)
    torch.manual_seed(1)
    c = torch.randn(16, 2)
    with torch.no_grad():
        code = game.sampler.encoder(X)
        within = [kernel(v, v).fill_diagonal_(0).sum() / (16 * 15) for v in (c, code)]
        apart = sum(within) - 2 * kernel(c, code).mean()
        rebuilt = ((X - game.sampler.decoder(code)) ** 2).mean()
    torch.manual_seed(1)
    game.step(lambda: Batch(X), turn)
    record = turn.records["sampler"]
    assert record["loss"] == pytest.approx((rebuilt + 10 * apart).item(), rel=1e-5)
    assert record["terms"]["rebuilt"] == pytest.approx(rebuilt.item(), rel=1e-5)


def test_codes_become_the_prior_and_draws_of_it_the_data():
    """x = Ac, c ~ N(0, I₂): both can be had exactly, and the covariance of samples becomes AAᵀ."""
    torch.manual_seed(0)
    A = torch.tensor([[1.5, 0.0], [0.0, 0.5], [1.0, 0.5], [0.0, -1.0]])
    linear = sure(nn.Linear(4, 2), nn.Linear(2, 4))
    game = Autoencoding(SPACE, linear, MMD(InverseMultiquadric()), 3.0, tune=Adam(5e-3, (0.5, 0.999)))
    turn = Turn(dict(game.players()), game.tune)
    for number in range(800):
        turn.begin(number, 0.0)
        game.step(lambda: Batch(torch.randn(200, 2) @ A.T), turn)
    with torch.no_grad():
        codes, y = game.sampler.encoder(torch.randn(20_000, 2) @ A.T), game.sampler(20_000).x
    assert codes.T.cov() == pytest.approx(torch.eye(2), abs=0.15)
    assert y.T.cov() == pytest.approx(A @ A.T, abs=0.3)
    assert y.mean(0).abs().max() < 0.15


OF_TWO_KINDS = {
    "codes": lambda space: pf.recipes.wae_gan(space, MLP((16,)), MLP((16,)), Normal(3), batch_size=32),
    "points": lambda space: pf.recipes.vae_gan(space, MLP((16, 16)), 3, batch_size=32),
}
"""The games whose critics judge codes and points."""


@pytest.mark.parametrize("kind", OF_TWO_KINDS)
def test_a_run_keeps_encoder_and_decoder_and_notes_its_critic(tmp_path, kind):
    data = pf.data.load(torch.randn(200, 3) @ torch.randn(3, 3) * 4 + 7)
    game = OF_TWO_KINDS[kind](data.space)
    run = pf.fit(game, data, run=tmp_path / "run", steps=30, quiet=True, device="cpu", probe_every=10)
    again = pf.load(tmp_path / "run")
    x = data.codec.decode(data.test.all())
    codes = again.encode(x)
    assert codes.shape == (len(data.test), 3)
    assert (codes == run.encode(x)).all()
    assert again.reconstruct(x).shape == x.shape
    noted = (tmp_path / "run" / "diagnostics.jsonl").read_text().splitlines()
    assert len(noted) == 3
    assert '"calibration": {' in noted[0]


def test_what_is_refused():
    with pytest.raises(Refused, match="penalty, warm_up and free_bits of Autoencoding must be at least 0, got -1"):
        Autoencoding(SPACE, autoencoder(), MMD(Gaussian()), -1.0)
    with pytest.raises(Refused, match="codes without noise have no density"):
        Autoencoding(SPACE, autoencoder())
    with pytest.raises(Refused, match="SNDCGAN has no encoder; choose a network that has, such as MLP"):
        pf.recipes.wae_gan(pf.spaces.Image(1, 32, 32), pf.networks.SNDCGAN(4))
    with pytest.raises(Refused, match="penalty of wae_gan must be at least 0"):
        pf.recipes.wae_gan(SPACE, penalty=-1.0)


def test_the_loss_is_the_negative_evidence_lower_bound():
    """With λ = 1: −mean log p(x|z) + KL in closed form, at the game's own draw; λ weighs the second alone."""
    g = latent(DiagonalGaussian(2))
    for weight in (1.0, 4.0):
        game = Autoencoding(SPACE, g, penalty=weight, tune=SGD(1e-9))
        turn = turn_of(game)
        with torch.no_grad():
            torch.manual_seed(2)
            torch.rand(16, 4)  # for steps between values, which these data do not have
            mean, log_variance = g.encoder(X).chunk(2, 1)
            z = mean + (log_variance / 2).exp() * torch.randn(16, 2)
            log_p = torch.distributions.Normal(g.decoder(z), 0.5).log_prob(X).sum(1)
            divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum(1) / 2
            expected = float((-log_p + weight * divergence).mean())
        torch.manual_seed(2)
        game.step(lambda: Batch(X), turn)
        record = turn.records["sampler"]
        assert record["loss"] == pytest.approx(expected, rel=1e-5)
        assert record["terms"]["codes"] == pytest.approx(float(divergence.mean()), rel=1e-4)


def test_without_a_closed_form_the_divergence_is_that_of_the_draws():
    """Of an autoregressive posterior without maps, which is the Gaussian: both forms agree on average."""
    g = latent(InverseAutoregressive(2, 0, context=0))
    game, losses = Autoencoding(SPACE, g, tune=SGD(1e-9)), []
    turn = turn_of(game)
    for seed in range(400):
        torch.manual_seed(seed)
        game.step(lambda: Batch(X), turn)
        losses.append(turn.records["sampler"]["terms"]["codes"])
    with torch.no_grad():
        expected = DiagonalGaussian(2).divergence(g.encoder(X), PRIOR).sum(1).mean()
    losses = torch.tensor(losses)
    assert abs(losses.mean() - expected) < 5 * losses.std() / 20


def test_free_bits_and_warm_up():
    """Every coordinate costs the free nats at least, after the mean over the batch; the weight rises to λ in turns."""
    g = latent(DiagonalGaussian(2))
    with torch.no_grad():
        parts = g.posterior.divergence(g.encoder(X), PRIOR).mean(0)
    game = Autoencoding(SPACE, g, penalty=2.0, warm_up=9, free_bits=float(parts.max()), tune=SGD(1e-9))
    for number, weight in ((0, 0.2), (4, 1.0), (9, 2.0), (50, 2.0)):
        turn = turn_of(game, number)
        game.step(lambda: Batch(X), turn)
        record = turn.records["sampler"]
        assert record["terms"]["codes"] == pytest.approx(2 * float(parts.max()), rel=1e-4)
        assert record["loss"] - record["terms"]["rebuilt"] == pytest.approx(weight * record["terms"]["codes"], rel=1e-4)


def test_a_fit_reaches_the_likelihood_of_the_model_that_the_data_are_of():
    """x = Wc + e, c ~ N(0, I₂), e ~ N(0, ¼): the bound of a linear model ends within 2 % of the entropy."""
    torch.manual_seed(0)
    W = torch.tensor([[1.5, 0.0], [0.0, 0.5], [1.0, 0.5], [0.0, -1.0]])
    draw = lambda n: torch.randn(n, 2) @ W.T + 0.5 * torch.randn(n, 4)
    q = DiagonalGaussian(2)
    g = LatentModel(nn.Linear(4, 4), q, nn.Linear(2, 4), GaussianLikelihood(), PRIOR, SPACE)
    game = Autoencoding(SPACE, g, tune=Adam(1e-2, (0.9, 0.99)))
    turn = turn_of(game)
    for number in range(1500):
        turn.begin(number, 0.0)
        game.step(lambda: Batch(draw(200)), turn)
    with torch.no_grad():
        nats = g.log_prob(Batch(draw(5000)))
    entropy = torch.distributions.MultivariateNormal(torch.zeros(4), W @ W.T + torch.eye(4) / 4).entropy()
    assert float(nats.mean()) == pytest.approx(-float(entropy), abs=0.02 * float(entropy) + 5 * float(nats.std()) / 70)


class Joint(nn.Module):
    """A critic f(x, z) of points with a code beside them."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Linear(6, 1)

    def forward(self, x, z):
        return self.layers(torch.cat([x, z], 1))


class Inferring(Matching):
    """(x, z) with z beside the data by a fixed encoder, against (x, c) with draws of a prior, as in adversarial VB."""

    def compared(self, x):
        code = x.x[:, :2] + 1
        return x._replace(z=code), x._replace(z=torch.randn(len(x.x), 2))


def test_a_critic_of_pairs_sees_the_codes_beside_the_points():
    """One step of a linear critic, by hand; a gradient penalty differentiates in the points alone."""
    torch.manual_seed(0)
    f = Joint()
    weight, bias = f.layers.weight.detach().clone(), f.layers.bias.detach().clone()
    D = Adversarial(JensenShannon(), f, GradientPenalty(2.0))
    sampler = Pushforward(MLP((4,)).generator(2, SPACE), Normal(2))
    game = Inferring(SPACE, sampler, D, SGD(0.1), batch_size=16)
    torch.manual_seed(1)
    game.raise_critic(lambda: Batch(X), turn_of(game))
    torch.manual_seed(1)
    pairs, drawn = torch.cat([X, X[:, :2] + 1], 1), torch.cat([X, torch.randn(16, 2)], 1)
    w, b = weight.requires_grad_(), bias.requires_grad_()
    value = -softplus(-(pairs @ w.T + b)).mean() - softplus(drawn @ w.T + b).mean()
    slopes = torch.autograd.grad(value - 2.0 * (w[:, :4].norm() - 1) ** 2, (w, b))
    torch.testing.assert_close(f.layers.weight.detach(), (w + 0.1 * slopes[0]).detach())
    torch.testing.assert_close(f.layers.bias.detach(), (b + 0.1 * slopes[1]).detach())


@pytest.mark.parametrize("kind", [Matching, Simultaneous])
def test_the_loop_compares_what_the_game_says_and_by_default_data_with_samples(kind):
    class Shifted(kind):
        def compared(self, x):
            x, y = super().compared(x)
            return x, y._replace(x=y.x + 10)

    losses = []
    for game_of, shift in ((kind, 10.0), (Shifted, 0.0)):
        torch.manual_seed(0)
        g = MLP((8,)).generator(2, SPACE)
        with torch.no_grad():
            g[-2].bias += shift
        D = Adversarial(JensenShannon(), MLP((8,)).critic(SPACE, 1))
        game = game_of(SPACE, Pushforward(g, Normal(2)), D, SGD(0.01))
        turn = turn_of(game)
        game.step(lambda: Batch(X), turn)
        losses.append({name: record["loss"] for name, record in turn.records.items()})
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
