"""The end of every network that makes points: bounds, and one level a block."""

import torch
from torch.testing import assert_close

from pushforward.networks import Head
from pushforward.networks.base import straight_through
from pushforward.spaces import Columns, Image, OneOf, Vector

MIXED = Columns(("a", OneOf("b", ("x", "y", "z")), "c", OneOf("d", ("no", "yes"))))


def test_numbers_pass_and_levels_are_vertices_of_the_simplex():
    v = torch.randn(200, 7, requires_grad=True)
    y = Head(MIXED)(v)
    assert torch.equal(y[:, [0, 4]], v[:, [0, 4]])
    for place in (slice(1, 4), slice(5, 7)):
        assert torch.equal(y[:, place], torch.eye(place.stop - place.start)[v[:, place].argmax(1)])


def test_the_gradient_is_that_of_a_softmax():
    v = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    w = torch.randn(5, 3, dtype=torch.float64)
    (found,) = torch.autograd.grad((w * straight_through(v)).sum(), v)
    p = v.detach().softmax(1)
    assert_close(found, p * (w - (p * w).sum(1, keepdim=True)))


def test_bfloat16_ends_in_float32():
    assert Head(MIXED)(torch.randn(4, 7).bfloat16()).dtype == torch.float32


def test_spaces_without_levels_are_as_they_were():
    v = torch.randn(6, 12)
    assert torch.equal(Head(Vector(12))(v), v)
    assert torch.equal(Head(Columns(tuple("abcdefghijkl")))(v), v)
    assert torch.equal(Head(Image(3, 2, 2))(v), v.view(6, 3, 2, 2).tanh())
    assert_close(Head(Image(3, 2, 2, 0.0, 1.0))(v), (1 + v.view(6, 3, 2, 2).tanh()) / 2)
