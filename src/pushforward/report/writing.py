"""The writing of a run's page, the page of several runs, and the picture of one."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pushforward.errors import Refused
from pushforward.report.comparison import comparison_page
from pushforward.report.examples import examples
from pushforward.report.figures.drawing import to_png
from pushforward.report.judgement_page import Judged
from pushforward.report.page import judged_page, run_page
from pushforward.report.run_files import read
from pushforward.runs import RunFolder
from pushforward.runs.atomic import replacing, writable

PathLike = str | os.PathLike[str]


def report(paths: PathLike | Sequence[PathLike], out: PathLike | None = None) -> Path:
    """Write one self-contained page about one run, or about several of them side by side.

    Args:
        paths: a run folder, or several; pages that earlier reports left between them are passed over.
        out: where the page goes; by default RUN/report.html of one run, and report.html beside several.

    Returns:
        The path of the page.

    Raises:
        Refused: no run is given, a path is not a run folder, or the page cannot be written.
    """
    runs = open_runs(paths)
    page = Path(out) if out is not None else _beside(runs)
    contents = [read(run) for run in runs]
    _write(page, run_page(contents[0]) if len(runs) == 1 else comparison_page(contents, page.parent))
    return page


def open_runs(paths: PathLike | Sequence[PathLike]) -> list[RunFolder]:
    """Return the runs that a page is about.

    Args:
        paths: as in `report`.

    Raises:
        Refused: no run is given, or a path is not a run folder.
    """
    several = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    runs = [RunFolder.open(path) for path in dict.fromkeys(map(Path, several)) if not _is_page(path)]
    if not runs:
        raise Refused("report expects one or more run folders, got none; give those that `pushforward fit` made.")
    return runs


def judgement(verdict: Mapping[str, Any], panels: Mapping[str, np.ndarray], out: PathLike) -> Path:
    """Write one self-contained page about samples and data, whoever made them.

    Args:
        verdict: the JSON form of a judgement.
        panels: the arrays that are drawn, by name.
        out: where the page goes.

    Raises:
        Refused: the name does not end in .html, or the page cannot be written.
    """
    page = page_path(out)
    _write(page, judged_page(Judged(verdict, panels)))
    return page


def page_path(out: PathLike) -> Path:
    """Return the path of a page.

    Raises:
        Refused: the name does not end in .html.
    """
    if Path(out).suffix != ".html":
        raise Refused(f"a page must end in .html, got {str(out)!r}; say report=page.html.")
    return Path(out)


def picture(run: RunFolder) -> bytes:
    """Return samples beside data as PNG, and write it to RUN/picture.png.

    Raises:
        Refused: the run keeps no examples, or its panels are damaged.
    """
    if not run.panels.is_file():
        raise Refused(
            f"{run.path} keeps no examples (no panels.npz), so there is nothing to draw; fit without --no-examples."
        )
    shown = examples(run.read_arrays("panels.npz"))
    if shown is None:
        raise Refused(f"{run.panels} has no samples beside data, so there is nothing to draw; make the run again.")
    content = to_png(shown.picture())
    run.write_bytes(run.picture.name, content)
    return content


def moment(panels: Mapping[str, np.ndarray], turn: int) -> bytes:
    """Return samples beside data as PNG, with the turn that they are of above them.

    Args:
        panels: `data_examples` and `sample_examples`, and what columns are called.
        turn: how many were played.
    """
    shown = examples(panels)
    if shown is None:
        raise ValueError(f"no samples beside data among {', '.join(panels)}")
    figure = shown.picture()
    figure.suptitle(f"turn {turn:,}", fontsize=11)
    return to_png(figure, dpi=100)


def _is_page(path: Path) -> bool:
    """Return whether `runs/*` of a shell also gave the page of an earlier report."""
    return path.is_file() and path.suffix == ".html"


def _beside(runs: Sequence[RunFolder]) -> Path:
    """Return report.html in the only run, or in the folder that holds all."""
    if len(runs) == 1:
        return runs[0].page
    return Path(os.path.commonpath([run.path.absolute().parent for run in runs])) / "report.html"


def _write(page: Path, content: str) -> None:
    with writable(page):
        page.parent.mkdir(parents=True, exist_ok=True)
    with replacing(page) as file:
        file.write(content.encode())
