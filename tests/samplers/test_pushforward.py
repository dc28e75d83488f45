"""Noise through a network, with labels or without."""

import pytest
import torch
from torch import nn

from pushforward.errors import Refused
from pushforward.networks import MLP, Concatenated, Maxout, takes
from pushforward.samplers import Normal, Pushforward, Uniform
from pushforward.spaces import Vector, without_classes


def plain() -> Pushforward:
    return Pushforward(nn.Linear(3, 2), Normal(3))


def conditional(classes: int = 4) -> Pushforward:
    return Pushforward(Concatenated(nn.Linear(3 + classes, 2), classes), Normal(3), classes)


def test_samples_are_the_network_of_the_noise():
    g = plain()
    torch.manual_seed(5)
    y = g(6)
    torch.manual_seed(5)
    assert torch.equal(y.x, g.network(Normal(3).draw(6)))
    assert y.label is None


def test_push_is_the_network():
    g, z = plain(), torch.randn(4, 3)
    assert torch.equal(g.push(z), z @ g.network.weight.T + g.network.bias)
    g = conditional()
    label = torch.tensor([0, 1, 2, 3])
    assert torch.equal(g.push(z, label), g.network(z, label))


@pytest.mark.parametrize("draw", ["forward", "alone"])
def test_given_labels_are_used_and_returned(draw):
    g = conditional()
    label = torch.tensor([3, 3, 0])
    torch.manual_seed(0)
    y = getattr(g, draw)(3, label)
    torch.manual_seed(0)
    z = g.noise.draw(3)
    assert torch.equal(y.label, label)
    assert torch.equal(y.x, g.network(z, label))


@pytest.mark.parametrize("draw", ["forward", "alone"])
def test_absent_labels_are_drawn_uniformly(draw):
    """Each of 4 classes: Binomial(4000, ¼), standard deviation √750; five of them."""
    counts = getattr(conditional(), draw)(4000).label.bincount(minlength=4)
    assert counts.sum() == 4000
    assert (counts - 1000).abs().max() < 5 * 750**0.5


def test_labels_are_nothing_to_a_sampler_that_takes_none():
    y = plain()(3, torch.tensor([1, 2, 3]))
    assert y.label is None
    assert y.x.shape == (3, 2)


def test_on_one_process_alone_is_together():
    g = conditional()
    torch.manual_seed(0)
    together = g(5)
    torch.manual_seed(0)
    alone = g.alone(5)
    assert torch.equal(together.x, alone.x)
    assert torch.equal(together.label, alone.label)


def test_whether_a_network_takes_a_label_is_read_off_its_call():
    assert takes(nn.Linear(2, 2)) == frozenset()
    assert takes(Concatenated(nn.Linear(4, 2), 2)) == {"label"}


@pytest.mark.parametrize(
    ("network", "classes"), [(nn.Linear(3, 2), 4), (Concatenated(nn.Linear(7, 2), 4), 0)], ids=["plain", "conditional"]
)
def test_classes_and_network_must_agree(network, classes):
    with pytest.raises(Refused, match="classes of Pushforward must be positive just when its network takes a label"):
        Pushforward(network, Normal(3), classes)


def test_the_noise_is_drawn_where_the_sampler_is():
    g = Pushforward(nn.Linear(2, 1), Uniform(2)).to("meta")
    assert g(3).x.device.type == "meta"


def test_its_state_is_the_networks_alone():
    assert set(plain().state_dict()) == {"network.weight", "network.bias"}


def test_of_a_plan_it_has_the_classes_of_the_space_just_when_the_plan_takes_labels():
    space = Vector(2, ("a", "b", "c"))
    assert Pushforward.of(Maxout(4), Normal(3), space).classes == 0
    assert Pushforward.of(MLP((4,)), Normal(3), without_classes(space)).classes == 0
    g = Pushforward.of(MLP((4,)), Normal(3), space)
    assert g.classes == 3
    assert g(5, torch.tensor([0, 1, 2, 2, 1])).x.shape == (5, 2)
