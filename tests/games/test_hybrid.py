"""The hybrid game: likelihood alone, then both terms with their weights, on data whose steps are filled."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.critics import Adversarial, DiffAugment
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import MMD, Energy, JensenShannon
from pushforward.errors import Refused
from pushforward.games import Hybrid
from pushforward.kernels import Gaussian, Median
from pushforward.networks import MLP
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn


@dataclass
class Noted:
    """A turn that steps nobody and writes down what it was asked."""

    game: nn.Module
    number: int = 0
    log: list = field(default_factory=list)

    def minimize(self, players, loss, **terms):
        self.log.append(("down", loss.item(), {k: v.item() for k, v in terms.items()}))

    def maximize(self, players, value, **terms):
        self.log.append(("up", value.item(), {}))

    def note(self, player, loss, **terms):
        raise AssertionError("nothing here steps without an optimiser")

    @contextmanager
    def together(self):
        yield


def flow(space=Vector(2)):
    torch.manual_seed(0)
    return pf.recipes.real_nvp(space, layers=2, widths=(8,), width=4, depth=1).sampler


def hybrid(discrepancy=None, space=Vector(2), **options):
    D = discrepancy or Adversarial(JensenShannon(), MLP((8,)).critic(space, 1), critic_steps=2)
    return Hybrid(space, flow(space), D, **options)


def turned(game, number, x):
    noted = Noted(game, number)
    game.step(lambda: Batch(x), noted)
    return noted.log


def test_it_begins_with_likelihood_alone_and_then_weighs_both():
    game, x = hybrid(likelihood=2.0, adversarial=3.0, warm_up=5), torch.randn(64, 2)
    (alone,) = turned(game, 4, x)
    nats = -float(game.sampler.log_prob(Batch(x)).detach().mean()) / 2
    assert alone == ("down", pytest.approx(nats, rel=1e-5), {})
    *raised, (_, loss, terms) = turned(game, 5, x)
    assert [kind for kind, *_ in raised] == ["up", "up"]
    assert terms["likelihood"] == pytest.approx(nats, rel=1e-5)
    assert loss == pytest.approx(2 * terms["likelihood"] + 3 * terms["adversarial"], rel=1e-5)


def test_a_weight_of_zero_leaves_its_term_out():
    x = torch.randn(64, 2)
    (only,) = turned(hybrid(adversarial=0.0), 10_000, x)
    assert only[2] == {}
    *_, (_, loss, terms) = turned(hybrid(likelihood=0.0, adversarial=2.0), 0, x)
    assert loss == pytest.approx(2 * terms["adversarial"], rel=1e-5)


def test_bandwidths_are_the_medians_of_the_data():
    """As in `Matching`: the kernel of a discrepancy of points themselves is that of the training rows."""
    game = hybrid(MMD(Gaussian(Median())))
    x = 5 * torch.randn(300, 2)
    game.prepare(TensorPart(x))
    pairs = torch.pdist(x)
    assert game.discrepancy.kernel.bandwidth == pytest.approx((float(pairs.median()),), rel=1e-5)


def test_the_critic_is_shown_what_is_augmented_and_the_likelihood_is_not():
    space = Image(1, 8, 8)
    game = hybrid(Energy(), space)
    assert game.augmentable
    game.augment = DiffAugment()
    torch.manual_seed(0)
    x = Batch(torch.rand(16, 1, 8, 8) * 1.8 - 0.9)
    shown, _ = game.shown(x)
    assert not torch.equal(shown.x, x.x)
    *_, (_, _, terms) = turned(game, 0, x.x)
    with torch.no_grad():
        assert terms["likelihood"] == pytest.approx(-float(game.sampler.log_prob(x).mean()) / 64, rel=1e-5)


def test_data_on_steps_are_filled_before_the_critic_sees_them():
    """A flow's samples lie on no steps: a critic of raw whole numbers would tell them by that alone."""
    game, x = hybrid(), torch.randint(0, 5, (500, 2)).float()
    game.prepare(TensorPart(x))
    data, samples = game.compared(Batch(x))
    assert (data.x - x).abs().max() <= 0.5
    assert not torch.equal(data.x, x)
    assert torch.equal(data.x.round(), x)
    assert samples.x.shape == x.shape


def test_only_the_samplers_turn_reaches_it():
    """One turn of both: the critic's step leaves the flow where it was, and the flow's the critic."""
    game = hybrid(warm_up=0)
    before = [p.clone() for p in game.sampler.parameters()]
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    game.step(lambda: Batch(torch.randn(64, 2)), turn)
    assert set(turn.records) == {"critic", "sampler"}
    assert any(not torch.equal(a, b) for a, b in zip(before, game.sampler.parameters(), strict=True))


@pytest.mark.parametrize(("likelihood", "adversarial"), [(0.0, 0.0), (-1.0, 1.0), (1.0, -0.5)])
def test_weights_that_ask_for_nothing_are_refused(likelihood, adversarial):
    with pytest.raises(Refused, match="likelihood and adversarial of Hybrid must be 0 or more, not both 0"):
        hybrid(likelihood=likelihood, adversarial=adversarial)


def test_a_sampler_without_a_density_is_refused():
    space = Vector(2)
    g = Pushforward(MLP((8,)).generator(3, space), Normal(3))
    with pytest.raises(Refused, match="Hybrid needs a sampler with a density, and Pushforward has no log_prob"):
        Hybrid(space, g, Energy())


def test_any_critic_of_the_library_may_stand_in_flow_gan():
    game = pf.recipes.flow_gan(Vector(2), discrepancy=MMD(Gaussian(1.0)), outputs=16, widths=(8,), layers=2)
    *_, (_, loss, terms) = turned(game, 1000, torch.randn(32, 2))
    assert loss == pytest.approx(terms["likelihood"] + terms["adversarial"], rel=1e-5)
    paper = pf.recipes.flow_gan(Vector(2), paper=True)
    assert paper.discrepancy.critic_steps == 5
    assert paper.warm_up == 0
