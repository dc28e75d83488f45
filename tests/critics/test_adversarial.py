"""A critic computes what is asked, once; its constraints act in their order."""

from dataclasses import dataclass

import pytest
import torch
from torch import nn

from pushforward.critics import Adversarial, Constraint, View
from pushforward.discrepancies import MMD, Biased, JensenShannon, MeanDifference, Root
from pushforward.kernels import Gaussian
from pushforward.spaces import Batch


class Counting(nn.Module):
    """A linear critic that notes the batches it saw."""

    def __init__(self, outputs: int = 1):
        super().__init__()
        self.linear = nn.Linear(2, outputs)
        self.seen: list[torch.Tensor] = []

    def forward(self, x):
        self.seen.append(x)
        return self.linear(x)


@dataclass(frozen=True)
class Noted(Constraint):
    """Writes down which hook was called, and changes the numbers so that the order shows."""

    name: str
    log: list
    factor: float = 1.0
    charge: float = 0.0

    def __hash__(self) -> int:
        return hash(self.name)

    def attach(self, f):
        self.log.append(f"attach {self.name}")

    def tax(self, v):
        self.log.append(f"tax {self.name}")
        return self.charge

    def scale(self, v, value):
        self.log.append(f"scale {self.name}")
        return self.factor * value + 1.0

    def project(self, f):
        self.log.append(f"project {self.name}")


def batches():
    return Batch(torch.randn(5, 2)), Batch(torch.randn(4, 2))


def test_a_view_computes_each_thing_once():
    f, (x, y) = Counting(3), batches()
    v = View(Root(MMD(Gaussian(), Biased())), f, x, y)
    for _ in range(3):
        _ = v.own_fx, v.own_fy, v.fx, v.fy, v.value, v.surrogate
    assert [s is x.x for s in f.seen] == [True, False]
    assert f.seen[1] is y.x


def test_a_view_computes_nothing_that_is_not_asked_for():
    f, (x, y) = Counting(), batches()
    v = View(JensenShannon(), f, x, y)
    assert f.seen == []
    _ = v.fy
    assert len(f.seen) == 1


def test_the_witness_of_a_view_is_that_of_its_features():
    f, (x, y) = Counting(3), batches()
    D = MMD(Gaussian())
    h = Batch(torch.randn(6, 2))
    expected = D.witness(f.linear(h.x), f.linear(x.x), f.linear(y.x))
    assert torch.equal(View(D, f, x, y).witness(h), expected)
    assert torch.equal(Adversarial(D, f).witness(h.x, x.x, y.x), expected)


@pytest.mark.parametrize("saturating", [False, True])
def test_the_samplers_turn_of_a_gan_never_looks_at_data(saturating):
    f, (x, y) = Counting(), batches()
    Adversarial(JensenShannon(saturating), f).loss(x, y)
    assert [s is y.x for s in f.seen] == [True]


def test_the_samplers_turn_of_an_mmd_gan_looks_at_both_once():
    f, (x, y) = Counting(3), batches()
    Adversarial(MMD(Gaussian()), f).loss(x, y)
    assert len(f.seen) == 2


def test_without_constraints_the_objective_is_the_value_and_the_loss_the_surrogate():
    f, (x, y) = Counting(), batches()
    D = Adversarial(JensenShannon(), f)
    fx, fy = f.linear(x.x), f.linear(y.x)
    torch.testing.assert_close(D.objective(x, y), JensenShannon()(fx, fy))
    torch.testing.assert_close(D(x.x, y.x), JensenShannon()(fx, fy))
    torch.testing.assert_close(D.loss(x, y), JensenShannon().surrogate(fx, fy))
    torch.testing.assert_close(D.surrogate(x.x, y.x), D.loss(x, y))
    assert not torch.allclose(D.loss(x, y), D.objective(x, y))


def test_constraints_act_in_the_order_given():
    """Scales compose first to last, then every tax is taken off; the sampler pays no tax."""
    log: list = []
    f, (x, y) = Counting(), batches()
    a, b = Noted("a", log, 2.0, 10.0), Noted("b", log, 3.0, 100.0)
    D = Adversarial(MeanDifference(), f, a, b)
    assert log == ["attach a", "attach b"]
    log.clear()
    value = (f.linear(x.x).mean() - f.linear(y.x).mean()).item()
    assert D.objective(x, y).item() == pytest.approx(3 * (2 * value + 1) + 1 - 110, rel=1e-5)
    assert log == ["scale a", "scale b", "tax a", "tax b"]
    log.clear()
    lowered = -f.linear(y.x).mean().item()  # a difference of means is lowered on the samples' side alone
    assert D.loss(x, y).item() == pytest.approx(3 * (2 * lowered + 1) + 1, rel=1e-5)
    assert log == ["scale a", "scale b"]
    log.clear()
    D.project()
    assert log == ["project a", "project b"]


def test_a_constraint_does_nothing_unless_it_says_so():
    f, (x, y) = Counting(), batches()
    before = [p.detach().clone() for p in f.parameters()]
    bare, constrained = Adversarial(JensenShannon(), f), Adversarial(JensenShannon(), f, Constraint())
    constrained.project()
    assert all(torch.equal(p, q) for p, q in zip(f.parameters(), before, strict=True))
    assert torch.equal(bare.objective(x, y), constrained.objective(x, y))
    assert torch.equal(bare.loss(x, y), constrained.loss(x, y))


def test_labels_go_to_a_critic_that_takes_them():
    class Labelled(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(3, 1)

        def forward(self, x, label):
            return self.embed(label)

    f = Labelled()
    x, y = Batch(torch.randn(3, 2), torch.tensor([0, 1, 2])), Batch(torch.randn(2, 2), torch.tensor([1, 1]))
    expected = f.embed.weight.mean() - f.embed.weight[1, 0]
    torch.testing.assert_close(Adversarial(MeanDifference(), f).objective(x, y), expected)


def test_its_parameters_are_the_critics():
    f = Counting()
    D = Adversarial(JensenShannon(), f, critic_steps=3)
    assert [id(p) for p in D.parameters()] == [id(p) for p in f.parameters()]
    assert D.critic_steps == 3
