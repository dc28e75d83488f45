"""The groups of rows that stay in one part: a name for each row, from a column or from names of pictures."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pushforward.errors import Refused

REMEDY = "name a column or array that says which rows belong together, or leave --groups out"


def groups_of(cells: object, groups: str, whose: str) -> np.ndarray:
    """Return the name of each row's group, from a column of words or numbers.

    Args:
        cells: one a row.
        groups: name of the column.
        whose: name of the data.

    Raises:
        Refused: for missing cells, and for one group or for as many as there are rows.
    """
    column = pd.Series(np.asarray(cells).reshape(len(np.asarray(cells)), -1)[:, 0])
    if column.isna().any():
        raise Refused(f"groups of load names {groups!r} of {whose}, which lacks {int(column.isna().sum())} cells; give "
                      "each row a group.")  # fmt: skip
    return _several(column.astype(str).to_numpy(dtype=str), groups, whose)


def groups_by_name(places: Sequence[str], pattern: str, whose: str) -> tuple[np.ndarray, tuple[str, ...]]:
    r"""Return the group of each picture, what a pattern finds in its name, and a sentence on names without.

    The first pair of brackets says the group, if there is one; else all that is found does. A name in which nothing is
    found is a group of its own.

    Args:
        places: of the pictures, below what was named.
        pattern: a regular expression, looked for anywhere in a name.
        whose: name of the data.

    Raises:
        Refused: for what is no regular expression, for one that no name has, and for one group or as many as pictures.

    Example:
        >>> groups_by_name(["a/7_1.png", "a/7_2.png", "b/8_1.png"], r"(\d+)_", "photos")[0].tolist()
        ['7', '7', '8']
    """
    try:
        found = [re.search(pattern, place) for place in places]
    except re.error as error:
        raise Refused(f"groups of load is {pattern!r} for {whose}, which is no regular expression: {error}.") from None
    if not any(found):
        raise Refused(f"groups of load is {pattern!r} for {whose}, which is found in no name, such as {places[0]!r}; "
                      "name a pattern that is, such as '^[^_]+'.")  # fmt: skip
    alone = sum(match is None for match in found)
    names = [_said(match) or place for match, place in zip(found, places, strict=True)]
    note = (f"{alone} of {len(places)} names lack {pattern!r}, and are each a group of their own.",) if alone else ()
    return _several(np.array(names), pattern, whose), note


def _said(match: re.Match[str] | None) -> str | None:
    return None if match is None else (match[1] if match.re.groups else match[0])


def _several(names: np.ndarray, groups: str, whose: str) -> np.ndarray:
    count = len(np.unique(names))
    if count == 1:
        raise Refused(f"groups of load is {groups!r} for {whose}, which puts all {len(names)} rows into the one group "
                      f"{str(names[0])!r}, and parts need some each; {REMEDY}.")  # fmt: skip
    if count == len(names):
        raise Refused(f"groups of load is {groups!r} for {whose}, which is another in each of {len(names)} rows, so "
                      f"that nothing stays together; {REMEDY}.")  # fmt: skip
    return names
