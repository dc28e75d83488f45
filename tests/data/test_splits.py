import numpy as np
import pytest

from pushforward.data import load
from pushforward.data.raw.options import Options
from pushforward.data.raw.splits import part_numbers, split
from pushforward.errors import Refused


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (20, (14, 3, 3)),
        (1797, (1257, 270, 270)),
        (9_999, (6999, 1500, 1500)),
        (60_000, (42_000, 9_000, 9_000)),
        (1_000_000, (980_000, 10_000, 10_000)),
    ],
)
def test_sizes(n, sizes):
    assert tuple(len(part) for part in split(n, seed=0)) == sizes


@pytest.mark.parametrize("held", [None, np.repeat([0, 2], [70, 30]), np.repeat([0, 1, 2], [60, 20, 20])])
def test_parts_are_disjoint_and_whole(held):
    rows = np.concatenate(split(100, 5, held))
    assert sorted(rows) == list(range(100))


def test_seed_decides():
    one, same, other = (split(100, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_rows_that_say_what_they_are_stay_there():
    held = np.repeat([0, 2], [80, 20])
    train, validation, test = split(100, 0, held)
    assert sorted(test) == list(range(80, 100))
    assert len(validation) == 12  # 15 % of 80
    assert set(train) | set(validation) == set(range(80))


def test_parts_are_in_random_order():
    held = np.repeat([0, 1, 2], [50, 25, 25])
    assert all(list(part) != sorted(part) for part in split(100, 0, held))


def test_shares():
    assert [len(p) for p in split(200, 0, shares=Options(split="80/15/5").shares)] == [160, 30, 10]
    assert Options(split="fold").shares is None


def test_empty_parts_are_refused():
    with pytest.raises(Refused, match="0 validation"):
        split(20, 0, shares=(0.001, 0.2))
    with pytest.raises(Refused, match="'80/20/0'"):
        load(np.random.randn(100, 2), split="80/20/0")


def test_words_of_parts():
    assert part_numbers(np.array(["train", "Valid", "TEST"]), "c").tolist() == [0, 1, 2]
    with pytest.raises(Refused, match="'held out'"):
        part_numbers(np.array(["train", "held out"]), "c")
