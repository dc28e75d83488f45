"""The split of the data into three parts, first of all and by seed, so that no judge has seen its own part."""

import numpy as np

from pushforward.errors import Refused

TRAIN, VALIDATION, TEST = 0, 1, 2
NAMES = {
    "train": TRAIN,
    "training": TRAIN,
    "validation": VALIDATION,
    "valid": VALIDATION,
    "val": VALIDATION,
    "test": TEST,
}

# Beyond 10,000 rows a part is no better a judge, and the kernel tests are quadratic.
LARGEST = 10_000
SHARE = 0.15


def split(
    n: int,
    seed: int,
    stated: np.ndarray | None = None,
    shares: tuple[float, float] | None = None,
    groups: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw the train, validation and test rows: 70/15/15 %, validation and test at most 10,000 each.

    Each part is in random order, so that its first rows are a fair sample of it.

    Args:
        n: number of rows.
        seed: of the permutation.
        stated: for each row 0, 1 or 2 where the data say themselves which are train, validation and test. A part that
            they leave out is drawn from the train rows.
        shares: of validation and test, instead of 15 % each and without the ceiling.
        groups: name of the group of each row, all rows of which come into one part; shares are then met as nearly as
            groups in random order meet them.

    Raises:
        Refused: where a part would have no rows, and where the data put rows of one group into several parts.
    Example:
        >>> [len(part) for part in split(1797, seed=0)]
        [1257, 270, 270]
    """
    order = np.random.default_rng(seed).permutation(n)
    stated = np.zeros(n, dtype=np.int64) if stated is None else np.asarray(stated)
    if groups is not None:
        _refuse_divided(groups, stated)
    free = order[stated[order] == TRAIN]
    parts = {}
    rest = free
    for part, share in (
        (TEST, None if shares is None else shares[1]),
        (VALIDATION, None if shares is None else shares[0]),
    ):
        parts[part] = order[stated[order] == part]
        if not len(parts[part]):
            count = min(round(SHARE * len(free)), LARGEST) if share is None else round(share * len(free))
            parts[part], rest = (rest[:count], rest[count:]) if groups is None else _whole(rest, count, groups, seed)
    _refuse_empty_part(len(rest), len(parts[VALIDATION]), len(parts[TEST]))
    return rest, parts[VALIDATION], parts[TEST]


def _whole(rest: np.ndarray, count: int, groups: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of whole groups, about so many, and the others; both in the order that they had."""
    names, of, sizes = np.unique(groups[rest], return_inverse=True, return_counts=True)
    taken, chosen = 0, np.zeros(len(names), dtype=bool)
    for group in np.random.default_rng(seed).permutation(len(names)).tolist():
        if abs(taken + sizes[group] - count) < abs(taken - count):
            taken, chosen[group] = taken + sizes[group], True
    if not chosen.any() and len(names):
        chosen[sizes.argmin()] = True
    return rest[chosen[of]], rest[~chosen[of]]


def _refuse_divided(groups: np.ndarray, stated: np.ndarray) -> None:
    """Refuse groups whose rows are said to be of several parts."""
    _, of = np.unique(groups, return_inverse=True)
    least, most = np.full(of.max() + 1, TEST), np.full(of.max() + 1, TRAIN)
    np.minimum.at(least, of, stated)
    np.maximum.at(most, of, stated)
    divided = least[of] != most[of]
    if divided.any():
        raise Refused(
            f"the data say themselves which rows are of which part, and divide {len(np.unique(of[divided]))} groups, "
            f"such as {str(groups[divided][0])!r}; leave out --groups, or what says the parts."
        )


def part_numbers(names: np.ndarray, where: str) -> np.ndarray:
    """Return 0, 1 or 2 for each row from words such as "train", "validation", "test".

    Raises:
        Refused: for any other word.
    """
    words = [str(name).strip().lower() for name in names]
    unknown = sorted(set(words) - set(NAMES))
    if unknown:
        raise Refused(f"split column {where} must hold train, validation or test, got {unknown[0]!r}.")
    return np.array([NAMES[word] for word in words], dtype=np.int64)


def _refuse_empty_part(train: int, validation: int, test: int) -> None:
    if min(train, validation, test) < 1:
        raise Refused(
            f"the split leaves {train} train, {validation} validation and {test} test rows; each part needs some."
        )
