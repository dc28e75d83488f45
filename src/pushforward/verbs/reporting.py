"""The page of one run, or of several."""

from collections.abc import Sequence
from pathlib import Path


def report(runs: Sequence[str | Path], *, out: str | Path | None = None) -> Path:
    """One self-contained page: samples beside data, what is missed, verdict, curves, and the call.

    Args:
        runs: one run folder, or several to compare.
        out: the page; RUN/report.html for one run, report.html beside several, if absent.
    Raises:
        Refused: if a folder is no run.
    """
    from pushforward.report import report as write_page  # with matplotlib, which only a page needs

    return write_page(list(runs), out)
