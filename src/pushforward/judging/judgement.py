"""The verdict as other programs read it: scores, tests, and what they were measured with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pushforward.errors import Refused, nearest
from pushforward.judging.findings import Findings
from pushforward.judging.grade import Grade
from pushforward.judging.protocol import line
from pushforward.judging.table_findings import TableFindings
from pushforward.metrics.base import Score
from pushforward.metrics.diagnosis.classes import Classes
from pushforward.metrics.diagnosis.modes import ModeCount
from pushforward.metrics.diagnosis.where import Where
from pushforward.metrics.significance.memorisation import Memorisation

VERSION = 4
"""Of the JSON form."""

READ = (3, 4)
"""Versions that a page can be made of."""

LISTED = 10
"""Files that are left out are named, so many at most, where a person reads."""

SCORE = ("value", "stderr", "interval", "spread", "floor", "better", "uncertainty", "informative", "reason",
         "worst")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judgement:
    """The verdict on one set of samples: scores, tests, words, and what they were measured with.

    Args:
        real: name of the data.
        fake: name of the samples.
        n_real: rows of data used.
        n_fake: samples used.
        features: protocol of the feature map.
        protocol: all that the numbers depend on.
        scores: in the order they were asked for.
        tests: outcome of each as JSON, by name.
        splits: scores of (generated, train), (generated, test) and (train, test), where those were given.
        skipped_files: sentences about files that were left out.
        warnings: what a reader must know before believing the numbers.
        grade: of the samples in one word; None where too few rows, or statistics alone, can give none.
        sentences: the verdict in words, by what each is about.
        state: turn of the run that the samples come from, and how it was chosen; None of samples of other programs.
        preset: the numbers under the names of the program whose preset was asked for.
        findings: what was measured, as values of the metrics that found it; its classes, modes and places are in no key
            of the JSON form.
    """

    real: str
    fake: str
    n_real: int
    n_fake: int
    features: Mapping[str, Any] | None
    protocol: Mapping[str, Any]
    scores: tuple[Score, ...]
    tests: Mapping[str, Mapping[str, Any]]
    splits: Mapping[str, Mapping[str, float]] | None
    skipped_files: tuple[str, ...]
    warnings: tuple[str, ...]
    grade: Grade | None
    sentences: Mapping[str, str]
    state: Mapping[str, Any] | None = None
    preset: Mapping[str, float | None] | None = None
    findings: Findings | None = None

    @property
    def words(self) -> str:
        """The verdict in words, a line for each thing that was looked at."""
        return "\n".join(self.sentences.values())

    @property
    def classes(self) -> Classes | None:
        """The shares of classes among data and samples, where there is a classifier."""
        return None if self.findings is None else self.findings.classes

    @property
    def modes(self) -> ModeCount | None:
        """The modes that were found among the known ones, where there are any."""
        return None if self.findings is None else self.findings.modes

    @property
    def copied(self) -> Memorisation | None:
        """The training-copy test, where there were training data."""
        return None if self.findings is None else self.findings.copied

    @property
    def where(self) -> Where | None:
        """The places where data and samples differ most."""
        return None if self.findings is None else self.findings.where

    @property
    def table(self) -> TableFindings | None:
        """The findings column by column, where the data are a table."""
        return None if self.findings is None else self.findings.table

    def __getitem__(self, name: str) -> Score:
        """The score of that name.

        Raises:
            Refused: if it was not measured.
        """
        known = {score.name: score for score in self.scores}
        if name not in known:
            raise Refused(f"'{name}' was not measured; {nearest(name, list(known))}")
        return known[name]

    def frame(self) -> pd.DataFrame:
        """Return a table with one row for each score."""
        return pd.DataFrame([{"name": s.name} | s.to_json() for s in self.scores]).set_index("name")

    def to_json(self) -> dict[str, Any]:
        """The contract: a key that does not apply is null."""
        return {
            "version": VERSION,
            "real": self.real,
            "fake": self.fake,
            "n_real": self.n_real,
            "n_fake": self.n_fake,
            "grade": self.grade and self.grade.to_json(),
            "state": self.state and dict(self.state),
            "features": self.features and dict(self.features),
            "protocol": dict(self.protocol) | {"line": line(self.protocol)},
            "scores": {s.name: {key: s.to_json()[key] for key in SCORE} for s in self.scores},
            "preset": self.preset and dict(self.preset),
            "tests": {name: dict(test) for name, test in self.tests.items()},
            "table": self.table and self.table.to_json(),
            "splits": self.splits and {name: dict(values) for name, values in self.splits.items()},
            "skipped_files": list(self.skipped_files),
            "warnings": list(self.warnings),
            "verdict": self.words,
            "sentences": dict(self.sentences),
        }


def table(found: Mapping[str, Any]) -> str:
    """The JSON form as a person reads it: verdict, scores, warnings, protocol.

    Args:
        found: as `Judgement.to_json` gives it.
    """
    rows = [("score", "value", "±", "floor", "better")]
    rows += [(name, *_cells(score, spreads(found).get(name))) for name, score in found["scores"].items()]
    width = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip() for row in rows]
    warned = [f"Warning: {warning}" for warning in remarks(found)]
    return "\n".join([found["verdict"], "", *lines, "", *warned, f"Protocol: {found['protocol']['line']}"])


def remarks(found: Mapping[str, Any]) -> list[str]:
    """Return what a reader must know beside the numbers, files that were left out first; of many files the first ones.

    Args:
        found: as `Judgement.to_json` gives it, or the JSON form of a comparison.
    Example:
        >>> remarks({"skipped_files": [f"skipped: {i}.png" for i in range(12)], "warnings": ["few rows."]})[-2:]
        ['2 more files are skipped; --json lists all.', 'few rows.']
    """
    skipped, warnings = list(found.get("skipped_files") or ()), list(found.get("warnings") or ())
    more = len(skipped) - LISTED
    kept = [*skipped[:LISTED], f"{more} more files are skipped; --json lists all."] if more > 1 else skipped
    return [*kept, *warnings]


def spreads(found: Mapping[str, Any]) -> Mapping[str, float | int]:
    """Return the standard deviations of the floors over the splits, by the name of the score.

    Args:
        found: as `Judgement.to_json` gives it.
    """
    return ((found.get("protocol") or {}).get("floor") or {}).get("spread") or {}


def _cells(score: Mapping[str, Any], spread: float | None) -> tuple[str, str, str, str]:
    error = score["stderr"]
    if error is None and score["spread"] is not None:
        said = f"{score['spread']:.2g} (spread)"
    else:
        said = "" if error is None else f"{error:.2g}"
    floor = "" if score["floor"] is None else f"{score['floor']:.4g}"
    floor += "" if spread is None else f" ± {spread:.2g}"
    better = "says nothing here" if score.get("informative") is False else score["better"]
    return f"{score['value']:.4g}", said, floor, better
