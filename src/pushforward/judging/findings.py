"""The findings on a set of samples: scores, tests and what was looked at, as values of the metrics that found them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pushforward.judging.table_findings import TableFindings
from pushforward.metrics.base import Score
from pushforward.metrics.diagnosis.classes import Classes
from pushforward.metrics.diagnosis.modes import ModeCount
from pushforward.metrics.diagnosis.repeats import Repeats
from pushforward.metrics.diagnosis.where import Where
from pushforward.metrics.measuring import Learnt
from pushforward.metrics.significance.constant_columns import Constants
from pushforward.metrics.significance.memorisation import Memorisation
from pushforward.metrics.significance.two_sample import TwoSample
from pushforward.metrics.uncertainty.holm import holm

LEARNT = ("c2st", "detection")
"""The tests of classifiers."""


@dataclass(frozen=True, eq=False)
class Findings:
    """The findings on one set of samples: everything that was measured.

    Args:
        sizes: rows of data and samples at hand.
        scores: with their errors and floors, in the order they were asked for.
        test: of equality; None where the data are known by mean and covariance alone.
        learnt: the two-sample tests of classifiers that were asked for, by name.
        copied: the training-copy test, where there were training data.
        constants: test of columns that are constant among the data, where columns of numbers are compared.
        modes: those that were found, where the data's are known.
        classes: how a classifier sorts both, where there is one.
        where: both differ most.
        k: the neighbour that sets the radii of precision, recall, density and coverage.
        left_out: scores that so few rows cannot give.
        outlying: sentences on rows that outweigh all others of their side.
        repeats: shares of rows that equal another one.
        table: what was looked at column by column, where the data are a table.
    """

    sizes: tuple[int, int]
    scores: Sequence[Score]
    test: TwoSample | None = None
    learnt: Mapping[str, Learnt] = field(default_factory=dict)
    copied: Memorisation | None = None
    constants: Constants | None = None
    modes: ModeCount | None = None
    classes: Classes | None = None
    where: Where | None = None
    k: int = 5
    left_out: tuple[str, ...] = ()
    outlying: tuple[str, ...] = ()
    repeats: Repeats | None = None
    table: TableFindings | None = None

    def tests(self) -> dict[str, dict[str, Any]]:
        """Return the outcomes of all tests that were made, as JSON, p-values corrected for their number (Holm)."""
        tests: Mapping[str, Any] = {
            "two-sample": self.test,
            **{name: self.learnt[name] for name in LEARNT if name in self.learnt},
            "memorisation": self.copied,
            "constant-columns": self.constants,
        }
        made = {name: test.to_json() for name, test in tests.items() if test is not None}
        p_values = holm([outcome["p_value"] for outcome in made.values()])
        return {
            name: outcome | {"p_value": p, "rejected": p <= outcome["level"]}
            for (name, outcome), p in zip(made.items(), p_values, strict=True)
        }
