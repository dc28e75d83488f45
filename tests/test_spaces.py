"""What a data point is."""

import pytest

from pushforward.errors import Refused
from pushforward.spaces import Columns, Image, Vector

SPACES = [Vector(3), Image(3, 8, 6), Image(1, 4, 4, 0.0, 1.0, ("a", "b")), Columns(("age", "income"))]


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_the_dimension_is_the_product_of_the_shape(space):
    size = 1
    for side in space.shape:
        size *= side
    assert space.dim == size
    assert hash(space) == hash(type(space)(**vars(space)))
    assert space == type(space)(**vars(space))


def test_shapes_and_ranges():
    assert Vector(3).shape == (3,)
    assert Vector(3).range is None
    assert Columns(("a", "b", "c")).shape == (3,)
    assert Columns(("a",)).range is None
    assert Image(3, 8, 6).shape == (3, 8, 6)
    assert Image(3, 8, 6).range == (-1.0, 1.0)
    assert Image(1, 4, 4, 0.0, 1.0).range == (0.0, 1.0)


def test_spaces_of_other_classes_are_other_spaces():
    assert Vector(2) != Vector(2, ("a", "b"))
    assert Vector(2) != Columns(("a", "b"))


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (1.0, -1.0), (0.0, float("nan"))])
def test_an_empty_range_is_refused(low, high):
    with pytest.raises(Refused, match="low of Image must be below high"):
        Image(1, 4, 4, low, high)
