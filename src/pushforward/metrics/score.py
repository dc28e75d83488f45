"""A number with its error, and the values that measure one: (x, y) → scores."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal

from torch import Tensor

from pushforward.metrics.rows import Array, pair

Better = Literal["lower", "higher"]
Uncertainty = Literal["analytic", "influence function", "jackknife"]
Reads = Literal["features", "probabilities"]


@dataclass(frozen=True)
class Score:
    """One measured number, how sure it is, and which direction is better.

    Args:
        name: as it stands in tables and in JSON.
        value: the estimate, never clipped: an unbiased one may be negative.
        stderr: its standard error; None where none is known.
        interval: 95 % confidence interval; None where the estimate is biased, since a spread is no confidence.
        better: the direction of better samples.
        uncertainty: how the error was found.
        note: what a reader must know beside the number.
        spread: standard deviation at these sizes of an estimate that is biased at any size.
        floor: what halves of the data score against each other, at half the size.

    Example:
        >>> Score("energy", 0.25, 0.5).to_json()["better"]
        'lower'
    """

    name: str
    value: float
    stderr: float | None = None
    interval: tuple[float, float] | None = None
    better: Better = "lower"
    uncertainty: Uncertainty | None = None
    note: str | None = None
    spread: float | None = None
    floor: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The entry of `scores` in a verdict, without the name, which is its key."""
        entry = asdict(self)
        del entry["name"]
        return entry | {"interval": None if self.interval is None else list(self.interval)}


class Metric(ABC):
    """A value that measures samples y against data x: m(x, y) → scores, each with its error.

    `name` is what asks for it, `better` its direction, `cost` its multiplications in words of the sizes n, m and the
    dimension d, `reads` whether its rows are features or probabilities of classes, and `least_samples` the rows a side
    below which it is undefined.
    """

    name: ClassVar[str]
    better: ClassVar[Better]
    cost: ClassVar[str]
    reads: ClassVar[Reads] = "features"

    @property
    def protocol(self) -> dict[str, Any]:
        """What its numbers depend on beside the points: its name and its options."""
        given: tuple[Any, ...] = fields(self) if is_dataclass(self) else ()
        plain = (bool, int, float, str, type(None))
        options = {f.name: getattr(self, f.name) for f in given}
        return {"metric": self.name} | {k: v if isinstance(v, plain) else repr(v) for k, v in options.items()}

    @property
    @abstractmethod
    def least_samples(self) -> int:
        """Rows a side below which the metric is undefined."""

    @abstractmethod
    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        """The scores of checked float64 rows."""

    def __call__(self, x: Array, y: Array) -> tuple[Score, ...]:
        """The scores of samples y against data x.

        Args:
            x: data, one row a point.
            y: samples, one row a point.

        Raises:
            Refused: if the widths differ, a value is not finite, or there are fewer than `least_samples` rows.
        """
        return self.measure(*pair(x, y, least=self.least_samples, whose=self.name))
