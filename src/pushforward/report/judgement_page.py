"""A verdict and what is drawn beside it, of a run or of any two sets of points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Judged:
    """The content of a page about samples, whoever made them: their verdict and examples.

    Args:
        verdict: the JSON form of a judgement; empty where none was made.
        panels: the arrays that are drawn, by name.
    """

    verdict: Mapping[str, Any]
    panels: Mapping[str, np.ndarray]

    @property
    def grade(self) -> Mapping[str, Any]:
        """The grade of the verdict; empty where none was given."""
        return self.verdict.get("grade") or {}

    @property
    def sentences(self) -> Mapping[str, str]:
        """The verdict in words, by what each is about; empty where an older version made it."""
        return self.verdict.get("sentences") or {}

    @property
    def scores(self) -> Mapping[str, Mapping[str, Any]]:
        """The scores of the verdict by name."""
        return self.verdict.get("scores") or {}

    @property
    def tests(self) -> Mapping[str, Mapping[str, Any]]:
        """The tests of the verdict by name."""
        return self.verdict.get("tests") or {}

    @property
    def test(self) -> Mapping[str, Any]:
        """The two-sample test, or that of constant columns where it alone rejects; empty where none was made."""
        of_rows, of_columns = self.tests.get("two-sample") or {}, self.tests.get("constant-columns") or {}
        return of_columns if of_columns.get("rejected") and not of_rows.get("rejected") else of_rows
