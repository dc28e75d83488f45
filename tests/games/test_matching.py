"""The matching loop: who steps, how often, on what."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.critics import Adversarial, Clipping
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import MMD, Biased, Hinge, JensenShannon, Root
from pushforward.errors import Refused
from pushforward.games import Matching
from pushforward.kernels import Gaussian, Median
from pushforward.networks import MLP
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD, Steps


@dataclass
class Noted:
    """A turn that steps nobody and writes down what it was asked."""

    game: nn.Module
    number: int = 0
    log: list = field(default_factory=list)

    def minimize(self, players, loss, **terms):
        self.log.append(("down", self._names(players), loss))

    def maximize(self, players, value, **terms):
        self.log.append(("up", self._names(players), value))

    def note(self, player, loss, **terms):
        raise AssertionError("nothing here steps without an optimiser")

    @contextmanager
    def together(self):
        self.log.append(("together", "", None))
        yield

    def _names(self, players):
        names = {id(m): name for name, m in self.game.players()}
        return "+".join(names[id(p)] for p in (players if isinstance(players, tuple) else (players,)))


def gan(critic_steps=1, *constraints) -> Matching:
    space = Vector(2)
    f, g = MLP((8,)).critic(space, 1), MLP((8,)).generator(3, space)
    D = Adversarial(JensenShannon(), f, *constraints, critic_steps=critic_steps)
    return Matching(space, Pushforward(g, Normal(3)), D, SGD(0.1, 0.0))


def batches(n: int = 6):
    """Fresh batches, counted."""

    def batch():
        batch.count += 1
        return Batch(torch.randn(n, 2))

    batch.count = 0
    return batch


@pytest.mark.parametrize(
    ("steps", "number", "expected"), [(1, 0, 1), (3, 9, 3), (Steps(2, 5, first=1, every=4), 0, 5), (0, 0, 0)]
)
def test_so_many_critic_steps_then_one_of_the_sampler_each_on_a_fresh_batch(steps, number, expected):
    game, batch = gan(steps), batches()
    turn = Noted(game, number)
    game.step(batch, turn)
    assert [(what, who) for what, who, _ in turn.log] == [("up", "critic")] * expected + [("down", "sampler")]
    assert batch.count == expected + 1


def test_in_the_critics_step_no_gradient_goes_into_the_sampler():
    game = gan()
    turn = Noted(game)
    game.step(batches(), turn)
    (_, _, up), (_, _, down) = turn.log
    into = torch.autograd.grad(up, list(game.sampler.parameters()), allow_unused=True, retain_graph=True)
    assert into == (None,) * len(into)
    assert all(d is not None for d in torch.autograd.grad(down, list(game.sampler.parameters())))


@pytest.mark.parametrize("within", [lambda D: 2 * D, lambda D: Hinge() + D, lambda D: 3 * (Hinge() + D)])
def test_a_critic_that_would_never_learn_is_refused(within):
    D = within(Adversarial(MMD(Gaussian(1.0)), nn.Linear(3, 2)))
    with pytest.raises(Refused, match="would never learn; put multiples and summands inside"):
        Matching(Vector(3), Pushforward(nn.Linear(2, 3), Normal(2)), D)


def test_a_kernel_method_has_one_player_and_one_batch():
    game = Matching(Vector(2), gan().sampler, Root(MMD(Gaussian(), Biased())))
    assert [name for name, _ in game.players()] == ["sampler"]
    batch, turn = batches(), Noted(game)
    game.step(batch, turn)
    assert [(what, who) for what, who, _ in turn.log] == [("down", "sampler")]
    assert batch.count == 1


def test_the_median_is_taken_once_from_the_data():
    game = Matching(Vector(2), gan().sampler, Root(MMD(Gaussian(Median((0.5, 2.0))), Biased())))
    x = torch.randn(50, 2)
    game.prepare(TensorPart(x))
    distances = (x.unsqueeze(1) - x).norm(dim=2)[torch.ones(50, 50, dtype=torch.bool).triu(1)]
    median = distances.sort().values[(len(distances) - 1) // 2].item()
    assert game.discrepancy.discrepancy.kernel.bandwidth == pytest.approx((0.5 * median, 2 * median), rel=1e-5)


def test_a_frozen_critic_makes_mmd_gan_an_mmd_net_on_features():
    """The same sampler, step by step: a kernel on a frozen map, and a critic that takes no steps."""
    torch.manual_seed(0)
    space, f = Vector(2), MLP((8,)).critic(Vector(2), 3).requires_grad_(False)
    weights = MLP((8,)).generator(3, space).state_dict()
    results = []
    for D in (
        Adversarial(Root(MMD(Gaussian((1.0, 3.0)), Biased())), f, critic_steps=0),
        Root(MMD(Gaussian((1.0, 3.0)).on(f), Biased())),
    ):
        network = MLP((8,)).generator(3, space)
        network.load_state_dict(weights)
        game = Matching(space, Pushforward(network, Normal(3)), D, SGD(0.5, 0.0))
        turn = Turn(dict(game.players()), game.tune)
        torch.manual_seed(1)
        for number in range(5):
            turn.begin(number, 0.0)
            game.step(batches(), turn)
        results.append([p.detach() for p in game.sampler.parameters()])
    moved = max((a - weights[k]).abs().max() for (k, a) in zip(weights, results[0], strict=True))
    assert moved > 1e-3
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-6)  # five steps of half a gradient, each off by float32's eps


def games_with_a_critic():
    space = Vector(2)
    network = MLP((8,))
    return {
        "gan": pf.recipes.gan(space, network, critic_steps=3),
        "mmd_gan": pf.recipes.mmd_gan(space, 3, network, critic_steps=3),
        "by hand": gan(2, Clipping(0.1)),
    }


@pytest.mark.parametrize("name", list(games_with_a_critic()))
def test_before_every_critic_step_the_critic_is_projected(name):
    """And never between the objective and its step, nor after the last one."""
    game = games_with_a_critic()[name]
    turn, D = Noted(game), game.discrepancy

    def noted(name):
        act = getattr(D, name)

        def acted(*arguments):
            turn.log.append((name, "", None))
            return act(*arguments)

        return acted

    D.project, D.objective = noted("project"), noted("objective")
    game.step(batches(), turn)
    once = ["project", "objective", "up"]
    assert [what for what, _, _ in turn.log] == once * game.discrepancy.critic_steps + ["down"]


def test_the_critic_is_inside_its_bound_when_its_objective_is_taken():
    game = gan(2, Clipping(0.01))
    largest = []
    objective = game.discrepancy.objective

    def noted(x, y):
        largest.append(max(p.abs().max().item() for p in game.discrepancy.f.parameters()))
        return objective(x, y)

    game.discrepancy.objective = noted
    turn = Turn(dict(game.players()), game.tune)
    game.step(batches(), turn)
    assert len(largest) == 2
    assert max(largest) <= 0.01 + 1e-9
    after = max(p.abs().max().item() for p in game.discrepancy.f.parameters())
    assert after > 0.01, "the step itself may leave the set; the next begins with a projection"


@pytest.mark.parametrize("labelled", [True, False])
def test_labels_travel_with_the_batch_to_sampler_and_critic(labelled):
    from pushforward.networks import Concatenated

    seen = []

    class Critic(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(2 + 3, 1)

        def forward(self, x, label):
            seen.append(label)
            return self.linear(torch.cat([x, torch.eye(3)[label]], 1))

    space = Vector(2, ("a", "b", "c") if labelled else ())
    g = Pushforward(Concatenated(nn.Linear(3 + 3, 2), 3), Normal(3), classes=3)
    f = Critic() if labelled else nn.Linear(2, 1)
    game = Matching(space, g, Adversarial(JensenShannon(), f))
    label = torch.tensor([2, 0, 1, 1])
    game.step(lambda: Batch(torch.randn(4, 2), label if labelled else None), Noted(game))
    # critic's step: data and samples; sampler's step: samples
    assert [torch.equal(s, label) for s in seen] == [True] * (3 if labelled else 0)


def test_what_the_critic_sees_can_be_drawn():
    game = gan()
    x = torch.randn(4, 2)
    assert torch.equal(game.views(Batch(x))["critic"], game.discrepancy.f(x))
    assert Matching(Vector(2), game.sampler, MMD()).views(Batch(x)) == {}
    seen = pf.recipes.gram(Image(1, 8, 8), MLP((8,))).views(Batch(torch.randn(3, 1, 8, 8)))
    assert seen["critic"].shape == (3, 100)
