"""What the files of a run folder must look like for a page to be drawn of them, whoever wrote them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pushforward.errors import Refused

LARGEST = 1e100
"""Numbers beyond it are damage: a figure could not hold them."""

Check = Callable[[Any], bool]


def number(value: Any) -> bool:
    """A number of a size that can be drawn, or nothing."""
    return value is None or (isinstance(value, int | float) and abs(value) <= LARGEST)


def size(value: Any) -> bool:
    """A number of at least 0, or nothing."""
    return value is None or (number(value) and value >= 0)


def whole(value: Any) -> bool:
    """A number without a fraction, or nothing."""
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def known(value: Any) -> bool:
    """A number that must be there."""
    return value is not None and number(value)


def said(value: Any) -> bool:
    """Yes or no, or nothing."""
    return value is None or isinstance(value, bool)


def text(value: Any) -> bool:
    """Words, or nothing."""
    return value is None or isinstance(value, str)


def anything(value: Any) -> bool:
    """Whatever it is."""
    return True


def each(check: Check) -> Check:
    """A list of such values, or nothing."""
    return lambda value: value is None or (isinstance(value, list) and all(map(check, value)))


def by_name(check: Check) -> Check:
    """Such values by name, or nothing."""
    return lambda value: value is None or (isinstance(value, dict) and all(map(check, value.values())))


def having(needed: tuple[str, ...] = (), **checks: Check) -> Check:
    """Entries by name, of which some are checked.

    Args:
        needed: names that must be there.
        checks: what the entry of a name must be; a missing one is None.
    """
    return lambda value: (
        isinstance(value, dict)
        and all(value.get(name) is not None for name in needed)
        and all(check(value.get(name)) for name, check in checks.items())
    )


SCORE = having(value=number, stderr=size, spread=size, floor=number, better=text, note=text, uncertainty=text,
               reason=text, informative=said,
               interval=lambda z: z is None or (each(known)(z) and len(z) == 2))  # fmt: skip
TEST = having(rejected=said, p_value=number, level=number, statistic=number, effect_size=number)
FLOOR = having(spread=by_name(lambda z: z is not None and size(z)))
PROTOCOL = having(("line",), line=text, floor=lambda z: z is None or FLOOR(z))
VERDICT = having(
    ("version",),
    real=text,
    fake=text,
    verdict=text,
    n_real=whole,
    n_fake=whole,
    warnings=each(lambda z: isinstance(z, str)),
    skipped_files=each(lambda z: isinstance(z, str)),
    scores=by_name(SCORE),
    tests=by_name(TEST),
    splits=lambda z: by_name(by_name(number))(z) and len({tuple(v or ()) for v in (z or {}).values()}) <= 1,
    protocol=lambda z: z is None or PROTOCOL(z),
)
CHECK = having(("factor",), factor=known)
LOG = having(
    ("turn",),
    turn=whole,
    seconds=number,
    loss=number,
    terms=by_name(number),
    check=lambda z: z is None or CHECK(z),
)
PROBE = having(("turn",), turn=whole, seconds=number, scores=by_name(SCORE))
LAYER = having(
    ("size", "shares"),
    largest=known,
    stable_rank=known,
    condition=number,
    lost=known,
    shares=lambda z: each(known)(z) and len(z) > 0,
)
SLOPE = having(low=known, median=known, high=known)
CALIBRATION = having(
    ("bins",),
    error=number,
    log_loss=number,
    mean_ratio=number,
    bins=each(lambda z: z is not None and each(known)(z) and len(z) == 3),
)
DIAGNOSTICS = having(
    alarm=text,
    turn=whole,
    layers=by_name(LAYER),
    slopes=by_name(SLOPE),
    calibration=lambda z: z is None or CALIBRATION(z),
)


def held(value: Any, form: Check, name: str) -> Any:
    """The content of a file, which has the form that this program writes.

    Args:
        value: what was read.
        form: of it.
        name: of the file.

    Raises:
        Refused: if it has another.
    """
    if not form(value):
        raise Refused(f"{name} is damaged: it has not the form that this program writes; make the run again.")
    return value


# Arrays that are shown together must agree in all but the number of their rows.
TOGETHER = ("data_examples", "sample_examples", "missed_examples", "over_examples")
PAIRS = (("closest_samples", "closest_train"), ("class_names", "class_data", "class_samples"))
WORDS = ("class_names", "columns", "levels")
DIVERGED = ("sample_examples", "original_samples")
VIEWS = ("original", "projected", "critic_view", "codes_view")


def panels(found: Mapping[str, np.ndarray], name: str) -> Mapping[str, np.ndarray]:
    """The arrays of what is drawn: not empty, of shapes that agree, and finite but for samples of a run that diverged.

    Args:
        found: as they were read.
        name: of the file.

    Raises:
        Refused: naming the first array that cannot be drawn.
    """
    for key, x in found.items():
        words = key in WORDS
        if x.ndim == 0 or (x.dtype.kind not in ("US" if words else "biuf")) or 0 in x.shape[1:]:
            raise Refused(f"{name} is damaged: {key} is of {x.dtype} and shape {x.shape}; make the run again.")
        if not words and not _drawable(x, diverged=key in DIVERGED):
            raise Refused(f"{name} is damaged: {key} has values that are not finite; make the run again.")
    shown = [found[key] for key in TOGETHER if key in found and len(found[key])]
    agree = len({(x.shape[1:], x.dtype == np.uint8) for x in shown}) <= 1
    flat = all(
        found[key].ndim == 1 for key in found if key.startswith("class_") or key.endswith(("_scores", "_ratios"))
    )
    drawable = all(x.ndim == 3 or x.shape[3:] in ((1,), (3,)) for x in shown if x.dtype == np.uint8 and x.ndim > 2)
    even = all(len({found[key].shape for key in pair if key in found}) <= 1 for pair in PAIRS)
    views = [f"{view}_{side}" for view in VIEWS for side in ("data", "samples")]
    full = all(len(found[key]) for key in views if key in found)
    if not (agree and flat and drawable and even and full):
        raise Refused(f"{name} is damaged: the shapes of its arrays do not agree; make the run again.")
    return found


def _drawable(x: np.ndarray, diverged: bool) -> bool:
    """Whether every number has a place in a figure; NaN has none, and is counted there where a run diverged."""
    z = np.abs(x.astype(np.float64)).ravel()
    z = z[~np.isnan(z)] if diverged else z
    return not len(z) or float(z.max()) <= LARGEST
