"""What metrics accept, and the sentence for what they do not."""

import numpy as np
import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics.numerics.checked_arrays import draw_indices, generator, pair, rows, subset


@pytest.mark.parametrize(
    "x",
    [
        np.arange(6, dtype=np.uint8).reshape(3, 2),
        np.arange(6, dtype=">f4").reshape(3, 2),
        np.broadcast_to(np.arange(6.0).reshape(3, 2), (3, 2)),  # read-only
        torch.arange(6).reshape(3, 1, 2),
        torch.arange(6.0, requires_grad=True).reshape(3, 2),
        torch.arange(6, dtype=torch.bfloat16).reshape(3, 2),
    ],
)
def test_points_become_float64_rows(x):
    assert torch.equal(rows(x), torch.arange(6, dtype=torch.float64).reshape(3, 2))


def test_a_vector_is_one_column():
    assert rows(np.arange(4.0)).shape == (4, 1)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.array(3.0), "single number"),
        (np.array([["a"], ["b"]]), "must hold numbers"),
        (np.zeros((1, 2)), "at least 2 rows, got 1"),
        (np.zeros((0, 2)), "at least 2 rows, got 0"),
        (np.zeros((3, 0)), "at least one coordinate"),
        (np.array([[0.0], [np.inf], [np.nan]]), "2 rows, first in row 1"),
    ],
)
def test_refuses(x, said):
    with pytest.raises(Refused, match=said):
        rows(x, "real", least=2, whose="a test")


def test_refuses_other_widths():
    with pytest.raises(Refused, match="got 2 and 3"):
        pair(np.zeros((4, 2)), np.zeros((4, 3)))


def test_a_subset_is_drawn_without_replacement_in_order():
    index = draw_indices(50, 20, generator(0))
    assert torch.equal(index, index.unique())
    assert torch.equal(index, draw_indices(50, 20, generator(0)))
    x = torch.arange(50.0)[:, None]
    assert torch.equal(subset(x, 20, generator(0))[:, 0].long(), index)
    assert torch.equal(subset(x, None, generator(0)), x)
    assert len(subset(x, 60, generator(0))) == 50
