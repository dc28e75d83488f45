"""The forms that files of a run folder must have for a page to be drawn of them, whoever wrote them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pushforward.errors import Refused

LARGEST = 1e100
"""The bound beyond which a number is damage, since a figure could not hold it."""

Check = Callable[[Any], bool]


def number(value: Any) -> bool:
    """Return whether it is a number of a size that can be drawn, or nothing."""
    return value is None or (isinstance(value, int | float) and abs(value) <= LARGEST)


def size(value: Any) -> bool:
    """Return whether it is a number of at least 0, or nothing."""
    return value is None or (number(value) and value >= 0)


def whole_number(value: Any) -> bool:
    """Return whether it is a number without a fraction, or nothing."""
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def required_number(value: Any) -> bool:
    """Return whether it is a number, which must be there."""
    return value is not None and number(value)


def yes_or_no(value: Any) -> bool:
    """Return whether it is true, false or nothing."""
    return value is None or isinstance(value, bool)


def text(value: Any) -> bool:
    """Return whether it is text or nothing."""
    return value is None or isinstance(value, str)


def anything(value: Any) -> bool:
    """Return true, whatever the value is."""
    return True


def list_of(check: Check) -> Check:
    """Return the check of a list of such values, or nothing."""
    return lambda value: value is None or (isinstance(value, list) and all(map(check, value)))


def by_name(check: Check) -> Check:
    """Return the check of such values by name, or nothing."""
    return lambda value: value is None or (isinstance(value, dict) and all(map(check, value.values())))


def entries(needed: tuple[str, ...] = (), **checks: Check) -> Check:
    """Return the check of entries by name, of which some are checked.

    Args:
        needed: names that must be there.
        checks: what the entry of a name must be; a missing one is None.
    """
    return lambda value: (
        isinstance(value, dict)
        and all(value.get(name) is not None for name in needed)
        and all(check(value.get(name)) for name, check in checks.items())
    )


SCORE = entries(value=number, stderr=size, spread=size, floor=number, worst=number, better=text, note=text,
               uncertainty=text, reason=text, informative=yes_or_no,
               interval=lambda z: z is None or (list_of(required_number)(z) and len(z) == 2))  # fmt: skip
TEST = entries(rejected=yes_or_no, p_value=number, level=number, statistic=number, effect_size=number)
FLOOR = entries(spread=by_name(lambda z: z is not None and size(z)))
PROTOCOL = entries(("line",), line=text, floor=lambda z: z is None or FLOOR(z))
GRADE = entries(("word", "place"), word=text, place=required_number, picked=number, separation=number)
STATE = entries(("turn", "turns"), turn=whole_number, turns=whole_number)
RULE = entries(("rule", "broken"), rule=text, broken=required_number)
AUDIT = entries(
    ("closer", "copies", "unseen_copies", "attack", "closer_interval", "attack_interval"),
    **dict.fromkeys(("closer", "copies", "unseen_copies", "attack"), required_number),
    **dict.fromkeys(("closer_interval", "attack_interval"), list_of(required_number)),
)
TABLE = entries(rules=list_of(lambda z: z is not None and RULE(z)), audit=lambda z: z is None or AUDIT(z))
VERDICT = entries(
    ("version",),
    real=text,
    fake=text,
    verdict=text,
    sentences=by_name(text),
    grade=lambda z: z is None or GRADE(z),
    state=lambda z: z is None or STATE(z),
    n_real=whole_number,
    n_fake=whole_number,
    warnings=list_of(lambda z: isinstance(z, str)),
    skipped_files=list_of(lambda z: isinstance(z, str)),
    scores=by_name(SCORE),
    tests=by_name(TEST),
    splits=lambda z: by_name(by_name(number))(z) and len({tuple(v or ()) for v in (z or {}).values()}) <= 1,
    protocol=lambda z: z is None or PROTOCOL(z),
)
POINT = entries(value=number, stderr=size, better=text)
PLANE = entries(
    ("points", "floor", "protocol"),
    points=by_name(by_name(POINT)),
    floor=by_name(POINT),
    protocol=entries(("features", "rows"), rows=whole_number, features=lambda z: isinstance(z, dict)),
)
SPEEDS = entries(
    ("seconds_a_sample", "teacher_seconds_a_sample", "at_once"),
    seconds_a_sample=lambda z: required_number(z) and z > 0,
    teacher_seconds_a_sample=lambda z: required_number(z) and z > 0,
    at_once=whole_number,
    teacher=text,
)
CHECK = entries(("factor",), factor=required_number)
LOG = entries(
    ("turn",),
    turn=whole_number,
    seconds=number,
    loss=number,
    terms=by_name(number),
    check=lambda z: z is None or CHECK(z),
)
PROBE = entries(("turn",), turn=whole_number, seconds=number, scores=by_name(SCORE))
LAYER = entries(
    ("size", "shares"),
    largest=required_number,
    stable_rank=required_number,
    condition=number,
    lost=required_number,
    shares=lambda z: list_of(required_number)(z) and len(z) > 0,
)
SLOPE = entries(low=required_number, median=required_number, high=required_number)
CALIBRATION = entries(
    ("bins",),
    error=number,
    log_loss=number,
    mean_ratio=number,
    bins=list_of(lambda z: z is not None and list_of(required_number)(z) and len(z) == 3),
)
DIAGNOSTICS = entries(
    alarm=text,
    turn=whole_number,
    layers=by_name(LAYER),
    slopes=by_name(SLOPE),
    calibration=lambda z: z is None or CALIBRATION(z),
)


def check_form(value: Any, form: Check, name: str) -> Any:
    """Return the content of a file, if it has the form that this program writes.

    Args:
        value: what was read.
        form: the check that it must pass.
        name: of the file.

    Raises:
        Refused: if it has another form.
    """
    if not form(value):
        raise Refused(f"{name} is damaged: it has not the form that this program writes; make the run again.")
    return value


# The arrays that are shown together must agree in all but the number of their rows.
TOGETHER = ("data_examples", "sample_examples", "missed_examples", "over_examples")
PAIRS = (("closest_samples", "closest_train"), ("class_names", "class_data", "class_samples"))
WORDS = ("class_names", "columns", "levels", "code_class_names", "dates", "dependence_columns", "cell_columns")
DIVERGED = ("sample_examples", "original_samples")
VIEWS = ("original", "projected", "critic_view", "codes_view", "prior_view")


def check_panels(arrays: Mapping[str, np.ndarray], name: str) -> Mapping[str, np.ndarray]:
    """Return the arrays of what is drawn, if their shapes agree and all is finite but samples of a run that diverged.

    Args:
        arrays: as they were read.
        name: of the file.

    Raises:
        Refused: naming the first array that cannot be drawn.
    """
    for key, x in arrays.items():
        words = key in WORDS
        if x.ndim == 0 or (x.dtype.kind not in ("US" if words else "biuf")) or 0 in x.shape[1:]:
            raise Refused(f"{name} is damaged: {key} is of {x.dtype} and shape {x.shape}; make the run again.")
        if not words and not _drawable(x, diverged=key in DIVERGED):
            raise Refused(f"{name} is damaged: {key} has values that are not finite; make the run again.")
    shown = [arrays[key] for key in TOGETHER if key in arrays and len(arrays[key])]
    agree = len({(x.shape[1:], x.dtype == np.uint8) for x in shown}) <= 1
    flat = all(
        arrays[key].ndim == 1 for key in arrays if key.startswith("class_") or key.endswith(("_scores", "_ratios"))
    )
    drawable = all(x.ndim == 3 or x.shape[3:] in ((1,), (3,)) for x in shown if x.dtype == np.uint8 and x.ndim > 2)
    even = all(len({arrays[key].shape for key in pair if key in arrays}) <= 1 for pair in PAIRS)
    views = [f"{view}_{side}" for view in VIEWS for side in ("data", "samples")]
    full = all(len(arrays[key]) for key in views if key in arrays)
    if not (agree and flat and drawable and even and full):
        raise Refused(f"{name} is damaged: the shapes of its arrays do not agree; make the run again.")
    return arrays


def check_progress(arrays: Mapping[str, np.ndarray], name: str) -> Mapping[str, np.ndarray]:
    """Return the arrays of how samples came about, if they have a turn each and can be drawn; arguments as above.

    Raises:
        Refused: if they cannot be drawn.
    """
    empty = np.empty(0)
    turns, samples = arrays.get("turns", empty), arrays.get("samples", empty)
    if turns.dtype.kind != "i" or samples.ndim < 3 or turns.shape != samples.shape[:1]:
        raise Refused(f"{name} is damaged: it has not one turn for each set of samples; make the run again.")
    known = {key: x for key, x in arrays.items() if key not in ("turns", "samples")}
    check_panels(known | {"sample_examples": samples.reshape(-1, *samples.shape[2:])}, name)
    return arrays


def _drawable(x: np.ndarray, diverged: bool) -> bool:
    """Return whether every number has a place in a figure; where a run diverged, NaN needs none."""
    z = np.abs(x.astype(np.float64)).ravel()
    z = z[~np.isnan(z)] if diverged else z
    return not len(z) or float(z.max()) <= LARGEST
