"""Blocks: the same rows in the same order whatever the batches, and features that know nothing of either."""

from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pushforward.features import Features, Identity, Own
from pushforward.features.blocks import blocks, filled


@given(sizes=st.lists(st.integers(0, 9), max_size=6), rows=st.integers(1, 7))
def test_blocks_hold_the_same_rows_in_the_same_order(sizes, rows):
    x = torch.arange(sum(sizes))[:, None]
    found = list(blocks(x.split(sizes), rows))
    assert [len(b) for b in found] == [rows] * (len(x) // rows) + [len(x) % rows] * (len(x) % rows > 0)
    assert torch.equal(torch.cat([x[:0], *found]), x)


def test_without_a_size_batches_pass_as_they_are():
    given = [np.zeros((3, 2)), torch.ones(5, 2)]
    assert [len(b) for b in blocks(given, None)] == [3, 5]


def test_filled_up_with_copies_of_the_last_row():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert filled(x, 4).tolist() == [[1, 2], [3, 4], [3, 4], [3, 4]]
    assert filled(x, 2) is x


class Counting(Features):
    """The row itself, beside how many rows came with it."""

    rows: ClassVar[int] = 4

    @property
    def protocol(self):
        return {"features": "counting"}

    def block(self, x):
        return torch.cat([x, torch.full((len(x), 1), float(len(x)))], 1)

    def classes(self, x, z):
        return z.softmax(1)


@pytest.mark.parametrize("sizes", [(10,), (1,) * 10, (3, 7), (4, 4, 2)])
def test_every_block_is_full_whatever_the_batches(sizes):
    x = torch.arange(10.0)[:, None]
    found = list(Counting().stream(x.split(sizes), classes=True))
    z, p = (torch.cat(parts) for parts in zip(*found, strict=True))
    assert torch.equal(z, torch.cat([x, torch.full((10, 1), 4.0)], 1))
    assert torch.equal(p, z.softmax(1))


def test_probabilities_only_where_they_are_asked_for_and_known():
    assert next(Counting().stream([torch.zeros(2, 1)])).probabilities is None
    assert Identity().classify(torch.zeros(2, 1)) is None
    assert Counting().classify(torch.zeros(9, 1)).shape == (9, 2)


def test_a_function_of_ones_own_sees_the_points_that_came_and_no_others():
    seen = []
    Own(lambda x: seen.append(len(x)) or x)(torch.zeros(501, 2))
    assert seen == [500, 1]
