"""Values from files have the type of the parameter that takes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from pushforward.errors import Refused
from pushforward.runs.typed_values import Unfit, arguments, as_type


@dataclass(frozen=True)
class Pair:
    """Two numbers.

    Args:
        left: a whole one.
        right: any.
    """

    left: int
    right: float = 0.5


FIT = [
    (3, int, 3),
    (3, float, 3.0),
    (3, float | int, 3),
    (3, int | None, 3),
    (None, int | None, None),
    (True, bool, True),
    (True, int | bool, True),
    ("a", str, "a"),
    ("a", Literal["a", "b"], "a"),
    ([1, 2.5], tuple[float, ...], (1.0, 2.5)),
    ((1, "a"), tuple[int, str], (1, "a")),
    ([1], Sequence[int], (1,)),
    ([1], list[int], [1]),
    ({"a": 1}, Mapping[str, float], {"a": 1.0}),
    ({"a": [1]}, dict[str, tuple[int, ...]], {"a": (1,)}),
    ({"left": 1, "right": 2}, Pair, Pair(1, 2.0)),
    (Pair(1), Pair | None, Pair(1)),
    (len, Callable[[Any], int], len),
    (object, Any, object),
]

UNFIT = [
    (True, int),
    (1, bool),
    (True, float),
    (3.0, int),
    ("3", int),
    (2**63, int),
    (-(2**63), float),
    (10**400, float),
    (float("inf"), float),
    (float("nan"), float | None),
    (None, int),
    (1, str),
    ("c", Literal["a", "b"]),
    ([1, 2], tuple[int, int, int]),
    ([1, "a"], tuple[int, ...]),
    ("ab", tuple[str, ...]),
    ("ab", Sequence[str]),
    ([["a", 1]], Mapping[str, int]),
    ({1: 1}, Mapping[str, int]),
    ("len", Callable[[Any], int]),
    (3, Pair),
]


@pytest.mark.parametrize(("value", "hint", "found"), FIT, ids=str)
def test_fitted(value, hint, found):
    again = as_type(value, hint)
    assert again == found
    assert type(again) is type(found)


@pytest.mark.parametrize(("value", "hint"), UNFIT, ids=lambda v: str(v)[:40])
def test_unfit(value, hint):
    with pytest.raises(Unfit):
        as_type(value, hint)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"left": "a"}, "left of a pair must be a whole number, got 'a'."),
        ({"left": 1, "right": 10**400}, "right of a pair must be a number, got a number of more than 64 bits."),
        ({"left": 1, "rihgt": 1}, "a pair has no option 'rihgt'; did you mean 'right'?"),
        ({"right": 1}, "a pair lacks left; restore the file."),
        ([1, 2], "a pair must have arguments by name, got [1, 2]."),
        ({1: 2}, "a pair must have arguments by name, got {1: 2}."),
        ({"left": ["x" * 100]}, "left of a pair must be a whole number, got ['" + "x" * 58 + "…."),
    ],
)
def test_the_sentence_says_what_was_expected_and_what_came(given, said):
    with pytest.raises(Refused) as refusal:
        arguments(given, Pair, "a pair")
    assert str(refusal.value) == said
