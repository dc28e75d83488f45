"""The page of one run, or of several."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pushforward.judging import feature_space
from pushforward.progress import step
from pushforward.runs.atomic import placeable


@step("drawing the page")
def report(runs: Sequence[str | Path], *, out: str | Path | None = None, features: Any = None) -> Path:
    """Write one self-contained page: samples beside data, what is missed, verdict, curves, and the call.

    Of several runs on the same data, one of which has a likelihood, KID and FID are measured and drawn against it.

    Args:
        runs: one run folder, or several to compare.
        out: the page; RUN/report.html for one run, report.html beside several, if absent.
        features: the space of KID and FID beside likelihoods, as for `score`; lenet for labelled pictures and identity
            for others if absent.
    Raises:
        Refused: if a folder is no run.
    """
    from pushforward.report import report as write_page  # with matplotlib, which only a page needs

    check_report(runs, out=out, features=features)
    if len(runs) > 1:
        from pushforward.verbs.quality_plane import place_on_plane  # which opens runs, whose verdicts come here

        place_on_plane(runs, features)
    return write_page(list(runs), out)


@step("drawing the page")
def report_judged(verdict: Mapping[str, Any], panels: Mapping[str, np.ndarray], out: str | Path) -> Path:
    """Write one self-contained page about samples that any program made.

    Args:
        verdict: the JSON form of a judgement.
        panels: what is drawn.
        out: the page.

    Raises:
        Refused: if its name does not end in .html, or it cannot be written.
    """
    from pushforward.report import judgement as write_page  # with matplotlib, as above

    return write_page(verdict, panels, out)


def check_report(runs: Sequence[Any], *, out: Any = None, features: Any = None, **_: Any) -> None:
    """Refuse a page of what is no run, or one that cannot be written, and features that there are not."""
    from pushforward.report import open_runs  # with matplotlib, which only a page needs

    open_runs(runs)
    feature_space.known(features)
    if out is not None:
        placeable(Path(out))
