"""A score: a number with its error; and the metrics that measure one: (x, y) → scores."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.numerics.checked_arrays import Array, pair
from pushforward.rows import Rows
from pushforward.spaces import Space

Better = Literal["lower", "higher"]
Uncertainty = Literal["analytic", "influence function", "jackknife", "halves", "splits", "subsets"]
Reads = Literal["features", "probabilities"]


@dataclass(frozen=True)
class Floor:
    """The scores of random parts of the data against each other: what a perfect sampler would get at their sizes.

    Args:
        value: mean over the splits.
        spread: standard deviation over the splits.
        n: rows of the part that stands for the data.
        m: rows of the part that stands for the samples.
        repeats: number of splits.
    """

    value: float
    spread: float
    n: int
    m: int
    repeats: int


@dataclass(frozen=True)
class Score:
    """A measured number, how sure it is, and which direction is better.

    Args:
        name: as it stands in tables and in JSON.
        value: the estimate, never clipped: an unbiased one may be negative.
        stderr: its standard error; None where none is known.
        interval: 95 % confidence interval; None where the estimate is biased, since a spread is no confidence.
        better: the direction of better samples.
        uncertainty: how the error or the spread was found: from an expansion ("analytic", "influence function"), from
            parts of the rows ("jackknife", "halves"); of "splits" and "subsets" it is the scores' own deviation.
        note: what a reader must know beside the number.
        spread: standard deviation at these sizes of an estimate that is biased at any size.
        floor: what parts of the data score against each other.
        rows: of data and of samples that it was measured on.
        arithmetic: in which the bulk of the products was taken, fewer digits only where that was shown to change less
            than the error; said in the protocol.
        informative: whether it tells plainly wrong samples from data at these sizes; None where that was not tried.
        reason: why it does not.
        worst: what the poorest samples score; None where that is unknown.

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
    floor: Floor | None = None
    rows: tuple[int, int] | None = None
    arithmetic: str = "float64"
    informative: bool | None = None
    reason: str | None = None
    worst: float | None = None

    @property
    def z_above_floor(self) -> float | None:
        """The value's distance above the floor, in the floor's spreads; None where either is unknown."""
        if self.floor is None or not self.floor.spread:
            return None
        return (self.value - self.floor.value) / self.floor.spread

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `scores` in a verdict, without the name, which is its key."""
        entry = asdict(self)
        del entry["name"], entry["rows"], entry["arithmetic"]  # the protocol says these, and the floor's spread
        interval = None if self.interval is None else list(self.interval)
        return entry | {"interval": interval, "floor": None if self.floor is None else self.floor.value}


@dataclass(frozen=True)
class Title:
    """The name of a score for a person, and one line on what it says.

    Args:
        label: its name on a page.
        meaning: one line.
    """

    label: str
    meaning: str


class Metric(ABC):
    """A value that measures samples y against data x: m(x, y) → scores, each with its error.

    `name` is what asks for it, `better` its direction, `reads` whether its rows are features or probabilities of
    classes, `single` whether it takes float32 rows as they are and widens them by parts, `linear` whether its time
    grows as its rows do, `rooted` whether its scores shrink as √(1/n + 1/m) where the laws are equal, `titles` what its
    scores are called on a page, and `least_samples` the rows a side below which it is undefined.
    """

    name: ClassVar[str]
    better: ClassVar[Better]
    reads: ClassVar[Reads] = "features"
    single: ClassVar[bool] = False
    linear: ClassVar[bool] = False
    rooted: ClassVar[bool] = False
    titles: ClassVar[Mapping[str, Title]] = MappingProxyType({})

    @property
    def protocol(self) -> dict[str, Any]:
        """The entries on which its numbers depend beside the points: its name and its options."""
        declared: tuple[Any, ...] = fields(self) if is_dataclass(self) else ()
        plain = (bool, int, float, str, type(None))
        options = {f.name: getattr(self, f.name) for f in declared}
        return {"metric": self.name} | {k: v if isinstance(v, plain) else repr(v) for k, v in options.items()}

    @property
    def scores(self) -> tuple[str, ...]:
        """The names of its scores; one of its own name unless stated."""
        return (self.name,)

    @property
    def plain(self) -> "Metric":
        """The same metric without an error that takes longer than the value."""
        return self

    def on(self, space: Space) -> "Metric":
        """Return the same metric of points of a space: itself, unless it reads columns by their kinds.

        Args:
            space: of the points, where these are compared as they are.
        """
        return self

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        """Return what the poorest samples score against data x, by the name of the score; unknown unless stated."""
        return {}

    @property
    @abstractmethod
    def least_samples(self) -> int:
        """The number of rows a side below which the metric is undefined."""

    @abstractmethod
    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        """Return the scores of checked rows, in float64 or, with `single`, as they came."""

    def __call__(self, x: Array, y: Array) -> tuple[Score, ...]:
        """Return the scores of samples y against data x.

        Args:
            x: data, one row a point.
            y: samples, one row a point.

        Raises:
            Refused: if the widths differ, a value is not finite, or there are fewer than `least_samples` rows.
        """
        x, y = pair(x, y, least=self.least_samples, whose=self.name, names=("data", "samples"), single=self.single)
        return tuple(replace(score, rows=(len(x), len(y))) for score in self.measure(x, y))

    def streams(self, n: int, m: int, d: int) -> bool:
        """Return whether it reads n and m rows of d coordinates block by block; unless stated, it needs them whole."""
        return False

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        """Return the scores of all rows, read in blocks, of a metric that `streams`."""
        raise Refused(f"{self.name} needs all rows at hand; give it a subsample.")

    def of_streams(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        """Return the scores of samples y against data x, however many there are, for a metric that `streams`.

        Args:
            x: data.
            y: samples.

        Raises:
            Refused: if the widths differ, there are fewer than `least_samples` rows, or it needs all rows at hand.
        """
        if x.width != y.width:
            raise Refused(f"data and samples of {self.name} must have the same number of coordinates, got {x.width} "
                          f"and {y.width}; encode both the same way.")  # fmt: skip
        if min(len(x), len(y)) < self.least_samples:
            raise Refused(f"{self.name} must have at least {self.least_samples} rows a side, got {len(x)} and "
                          f"{len(y)}; give it more points.")  # fmt: skip
        if not self.streams(len(x), len(y), x.width):
            raise Refused(f"{self.name} needs all rows at hand for {x.width} coordinates; give it a subsample.")
        return tuple(replace(score, rows=(len(x), len(y))) for score in self.streamed(x, y))
