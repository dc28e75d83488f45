"""The class that is asked for: by its name, by the number that its name is, or by its place."""

import pytest

from pushforward.errors import Refused
from pushforward.verbs.classes_asked import classes_asked


@pytest.mark.parametrize(
    ("label", "names", "place"),
    [("dog", ("cat", "dog"), 1), (1, ("cat", "dog"), 1), (0, ("0.0", "1.0"), 0), ("2", ("2.0", "3.0"), 0),
     (2, ("1", "2", "3"), 1)],
)  # fmt: skip
def test_classes_are_found_by_name_and_by_number(label, names, place):
    assert classes_asked(names, 2, 0, label).tolist() == [place, place]


@pytest.mark.parametrize(("label", "names"), [("cow", ("cat", "dog")), (2, ("cat", "dog")), (-1, ("cat", "dog"))])
def test_others_are_refused(label, names):
    with pytest.raises(Refused, match=f"no class '{label}'"):
        classes_asked(names, 2, 0, label)
