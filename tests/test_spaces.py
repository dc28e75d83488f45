"""What a data point is."""

import pytest
import torch

from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns, Image, OneOf, Real, Vector

METAL = OneOf("metal", ("gold", "lead", "tin"))
SPACES = [
    Vector(3),
    Image(3, 8, 6),
    Image(1, 4, 4, 0.0, 1.0, ("a", "b")),
    Columns(("age", "income")),
    Columns(("age", METAL, Real("place", 2))),
]


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


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_the_blocks_hold_every_coordinate_once(space):
    assert sum(block.size for block in space.blocks) == space.dim


def test_tables_alone_have_more_than_one_block():
    assert Vector(3).blocks == (Real("", 3),)
    assert Image(3, 8, 6).blocks == (Real("", 144),)
    assert Columns(("age", METAL)).blocks == (Real("age"), METAL)
    assert Columns(("age", METAL)) == Columns((Real("age"), METAL)) != Columns(("age", "metal"))


def test_levels_lie_where_their_block_does():
    space = Columns((Real("place", 2), METAL, "age", OneOf("paid", ("no", "yes"))))
    assert space.shape == (8,)
    assert [(block.name, place) for block, place in space.choices] == [("metal", slice(2, 5)), ("paid", slice(6, 8))]
    assert space.names == ("place", "metal", "age", "paid")
    assert space.coordinates[1:5] == ("place", "metal = gold", "metal = lead", "metal = tin")
    assert Vector(3).choices == ()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: OneOf("a", ("x",)), "levels of OneOf must be two or more, all different"),
        (lambda: OneOf("a", ("x", "x")), "levels of OneOf must be two or more, all different"),
        (lambda: Real("a", 0), "size of Real must be at least 1, got 0"),
    ],
)
def test_blocks_that_are_none(make, reason):
    with pytest.raises(Refused, match=reason):
        make()


def test_spaces_of_other_classes_are_other_spaces():
    assert Vector(2) != Vector(2, ("a", "b"))
    assert Vector(2) != Columns(("a", "b"))


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (1.0, -1.0), (0.0, float("nan"))])
def test_an_empty_range_is_refused(low, high):
    with pytest.raises(Refused, match="low of Image must be below high"):
        Image(1, 4, 4, low, high)


def test_some_rows_of_a_batch_and_batches_joined():
    x, label = torch.arange(8.0).view(4, 2), torch.tensor([0, 1, 1, 2])
    batch = Batch(x, label, -x)
    for index in (slice(1, 3), [1, 2], torch.tensor([1, 2]), torch.tensor([False, True, True, False])):
        some = batch.rows(index)
        assert some.x.tolist() == [[2.0, 3.0], [4.0, 5.0]]
        assert some.label.tolist() == [1, 1]
        assert torch.equal(some.z, -some.x)
    assert Batch(x).rows([3]).label is None
    both = Batch.joined([batch.rows(slice(2)), batch.rows(slice(2, 4))])
    assert torch.equal(both.x, x)
    assert torch.equal(both.label, label)
    assert Batch.joined([Batch(x), Batch(x)]).label is None
