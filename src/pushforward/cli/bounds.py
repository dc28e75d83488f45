"""The bounds that scores must not cross, for pipelines: `--fail-above kid=0.05`."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pushforward.errors import Refused, nearest
from pushforward.progress import tell


def read(option: str, text: str | None) -> dict[str, float]:
    """Return the bounds by the name of the score.

    Args:
        option: its name, for the sentence that refuses it.
        text: NAME=NUMBER, with commas between several.

    Raises:
        Refused: if it is not of that form.
    Example:
        >>> read("fail_above", "kid=0.05,fid=3")
        {'kid': 0.05, 'fid': 3.0}
    """
    bounds = {}
    for part in text.split(",") if text else ():
        name, _, number = part.partition("=")
        try:
            bounds[name.strip().replace("_", "-")] = float(number)
        except ValueError:
            dashed = option.replace("_", "-")
            raise Refused(f"--{dashed} must be NAME=NUMBER such as kid=0.05, got '{part}'.") from None
    return bounds


def check(arguments: Mapping[str, Any]) -> None:
    """Refuse bounds that are no numbers, or of what a call of `score` does not measure, before it is measured.

    Args:
        arguments: of a verb.
    """
    from pushforward.judging.request import UNASKED
    from pushforward.verbs.argument_checks import asked_for

    for option in ("fail_above", "fail_below"):
        for name in read(option, arguments.get(option)):
            known = [*asked_for(**arguments).names, *UNASKED]
            if name not in known:
                raise Refused(f"--{option.replace('_', '-')} names '{name}', which is not measured; "
                              f"{nearest(name, known)}")  # fmt: skip


def exit_code(scores: Mapping[str, Any], above: Mapping[str, float], below: Mapping[str, float]) -> int:
    """Return 1 if a score lies beyond its bound, which is then said on standard error; else 0.

    Raises:
        Refused: if a score with a bound was not measured.
    """
    failed = []
    for bounds, word, sign in ((above, "above", 1), (below, "below", -1)):
        for name, bound in bounds.items():
            if name not in scores:
                raise Refused(f"--fail-{word} names '{name}', which was not measured; {nearest(name, list(scores))}")
            value = scores[name]["value"]
            if not isfinite(value) or sign * (value - bound) > 0:
                failed.append(f"{name} is {value:.4g}, {word} {bound:g}")
    for sentence in failed:
        tell(f"pushforward: {sentence}.")
    return int(bool(failed))
