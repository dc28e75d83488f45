"""The scores that are asked for, by our names and those of other programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pushforward.errors import Refused, nearest
from pushforward.metrics.base import Metric
from pushforward.metrics.scores.frechet import FrechetDistance
from pushforward.metrics.scores.frechet_infinity import FrechetInfinity
from pushforward.metrics.scores.gan_kde import GANKDE
from pushforward.metrics.scores.inception_score import InceptionScore
from pushforward.metrics.scores.kid_subsets import KIDSubsets
from pushforward.metrics.scores.local_mmd import LocalMMD
from pushforward.metrics.scores.mmd import KID, EnergyDistance, KernelDistance
from pushforward.metrics.scores.parzen import Parzen
from pushforward.metrics.scores.prdc import BALLS, PRDC
from pushforward.metrics.scores.shape import Shape
from pushforward.metrics.scores.sliced_wasserstein import SlicedWasserstein
from pushforward.metrics.scores.trend import Trend
from pushforward.metrics.significance.classifier import C2ST
from pushforward.metrics.significance.detection import Detection
from pushforward.spaces import Columns, Space

METRICS: tuple[Metric, ...] = (
    KID(),
    FrechetDistance(),
    FrechetInfinity(),
    InceptionScore(),
    KernelDistance(),
    LocalMMD(),
    EnergyDistance(),
    SlicedWasserstein(),
    PRDC(),
    C2ST(),
    Detection(),
    Shape(),
    Trend(),
    KIDSubsets(),
    GANKDE(),
    Parzen(),
)
"""The metrics that scores are asked for by name of."""

KNOWN = MappingProxyType({name: metric for metric in METRICS for name in metric.scores})

SPECIAL = ("memorisation", "bits-per-dimension", "log-likelihood", "kl", "modes", "tstr")
"""What needs more than two samples: training data, a likelihood, known modes, a column to learn."""

UNASKED = ("memorisation", "modes", "class-kl", "kid", "tstr")
"""What is measured without being asked for, where it can be."""

ALIASES = MappingProxyType(
    {
        "isc": ("inception-score",),
        "is": ("inception-score",),
        "inception_score_mean": ("inception-score",),
        "frechet_inception_distance": ("fid",),
        "fd": ("fid",),
        "fd_infinity_value": ("fid-infinity",),
        "kernel_inception_distance_mean": ("kid-subsets",),
        "kd": ("kid",),
        "kd_value": ("kid",),
        "prc": ("precision", "recall"),
        "prdc": BALLS,
        "mmd2": ("mmd",),
        "swd": ("sliced-wasserstein",),
        "memorization": ("memorisation",),
        "bpd": ("bits-per-dimension",),
        "nats": ("log-likelihood",),
        "column-shapes": ("shape",),
        "column-pair-trends": ("trend",),
    }
)

TEST_ROWS = 10_000
"""Rows of data and of samples that are judged, at most."""

TRAIN_ROWS = 100_000
"""Rows of training data that samples are compared with, to see whether they are copies."""

DEFAULT = ("mmd", "energy", *BALLS)

OF_TABLES: tuple[Metric, ...] = (Detection(), Shape(), Trend())
"""The metrics that are measured on tables beside the usual ones."""


@dataclass(frozen=True)
class Request:
    """The metrics that are to be measured, and the scores that are wanted of them.

    Args:
        metrics: to be measured, each once.
        names: of the scores that are wanted, in order; a metric of one's own gives all of its scores.
        learnt: to be measured on the features of the classifier that sorts by classes, beside the others.
        usual: nothing was asked for by name, so what few rows cannot give may be left out.
        error: gives a metric the error that was asked for; None where each has its own.
    """

    metrics: tuple[Metric, ...]
    names: tuple[str, ...]
    learnt: tuple[Metric, ...] = ()
    usual: bool = False
    error: Callable[[Metric], Metric] | None = None

    def with_error(self, error: Callable[[Metric], Metric]) -> "Request":
        """Return the same request, each metric with that error.

        Args:
            error: such as `Jackknife()`.
        """
        metrics, learnt = (tuple(map(error, found)) for found in (self.metrics, self.learnt))
        return replace(self, metrics=metrics, learnt=learnt, error=error)

    def with_learnt(self, metric: Metric) -> "Request":
        """Return the same request, and a metric on the features of the classifier that sorts by classes.

        Args:
            metric: such as `KID()`.
        """
        learnt = metric if self.error is None else self.error(metric)
        return replace(self, names=(*self.names, *metric.scores), learnt=(*self.learnt, learnt))

    def only(self, metrics: Sequence[Metric]) -> "Request":
        """Return the same request of these metrics alone.

        Args:
            metrics: some of its own.
        """
        return replace(self, metrics=tuple(metrics), names=tuple(name for metric in metrics for name in metric.scores))

    def suited(self, space: Space) -> "Request":
        """Return the same request of points of a space: of the usual scores, those of tables too for tables.

        Args:
            space: of the data, where these are compared as they are.
        """
        metrics = tuple(metric.on(space) for metric in self.metrics)
        if not self.usual or not isinstance(space, Columns):
            return replace(self, metrics=metrics)
        of_tables = [metric.on(space) if self.error is None else self.error(metric).on(space) for metric in OF_TABLES]
        names = [name for metric in OF_TABLES for name in metric.scores]
        return replace(self, metrics=(*of_tables, *metrics), names=(*names, *self.names))

    def within(self, rows: int) -> "Request":
        """Return the request without what so few rows cannot give, where nothing was asked for by name.

        Args:
            rows: of the smaller side.
        """
        kept = tuple(m for m in self.metrics if not self.usual or m.least_samples <= rows)
        lost = {name for m in self.metrics if m not in kept for name in m.scores}
        return replace(self, metrics=kept, names=tuple(name for name in self.names if name not in lost))

    @property
    def special(self) -> tuple[str, ...]:
        """The scores among them that need more than two samples."""
        return tuple(name for name in self.names if name in SPECIAL)


def requested(asked: str | Sequence[str | Metric] | None = None) -> Request:
    """The metrics of names (commas between them, aliases, dashes or underscores) and of values.

    Args:
        asked: such as "kid,fid" or ["prc", KID(degree=2)]; the usual ones for None.

    Raises:
        Refused: for a name that nothing has.
    Example:
        >>> requested("prc, fd").names
        ('precision', 'recall', 'fid')
    """
    if asked is None:
        return replace(requested(DEFAULT), usual=True)
    metrics: dict[Metric, None] = {}
    names: dict[str, None] = {}
    for item in asked.split(",") if isinstance(asked, str) else asked:
        if isinstance(item, Metric):
            metrics[item] = None
            names |= dict.fromkeys(item.scores)
            continue
        for name in _resolved(item.strip()):
            names[name] = None
            if name in KNOWN and not any(isinstance(m, type(KNOWN[name])) for m in metrics):
                metrics[KNOWN[name]] = None
    if not names:
        raise Refused(f"metrics must name at least one score; known are: {', '.join((*KNOWN, *SPECIAL))}.")
    return Request(tuple(metrics), tuple(names))


def _resolved(name: str) -> tuple[str, ...]:
    dashed = name.lower().replace("_", "-")
    found = ALIASES.get(name.lower()) or ALIASES.get(dashed)
    if found:
        return found
    if dashed in KNOWN or dashed in SPECIAL:
        return (dashed,)
    raise Refused(f"no metric '{name}'; {nearest(dashed, [*KNOWN, *SPECIAL, *ALIASES])}")
