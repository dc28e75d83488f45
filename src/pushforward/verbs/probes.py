"""The probes that training makes of the validation part, without knowing a metric."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from pushforward.discrepancies.sums import Sums
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging import requested
from pushforward.metrics import KID, KernelScore, Metric, Score, Trace, paired_error
from pushforward.metrics.scores.mmd import of_sums
from pushforward.metrics.side import Side
from pushforward.metrics.significance.three_sample import relative

Measured = Callable[[Tensor, Tensor], Any]


@dataclass(frozen=True)
class Probe:
    """A probe by its name: one thing to measure.

    Args:
        names: of the scores that are wanted; None for all that it gives.
        measure: a metric, or a function of data and samples, one row a point, that gives a score.
    """

    names: tuple[str, ...] | None
    measure: Metric | Measured


def probes_of(probes: Any) -> tuple[Probe, ...]:
    """Return the probes of names with commas between them, of metrics, functions, or a mapping of names to functions.

    Raises:
        Refused: for a name that nothing has, one that needs more than data and samples, or nothing at all.
    """
    if isinstance(probes, Mapping):
        found = tuple(Probe((name,), f) for name, f in probes.items())
    else:
        given = probes.split(",") if isinstance(probes, str) else probes if isinstance(probes, Sequence) else (probes,)
        found = tuple(a for item in given for a in _one(item))
    if not found:
        raise Refused("--probes must name at least one score, got none; leave it out for the local MMD².")
    return found


def _one(item: Any) -> list[Probe]:
    if not isinstance(item, Metric | str) and callable(item):
        return [Probe((getattr(item, "__name__", type(item).__name__),), item)]
    if not isinstance(item, Metric | str):
        raise Refused(f"--probes takes names of scores, metrics and functions, got {item!r}.")
    request = requested([item])
    if request.special:
        needs = " and ".join(request.special)
        raise Refused(
            f"--probes takes scores of data and samples alone; {needs} needs more and is left to the verdict."
        )
    return [Probe(None if isinstance(item, Metric) else request.names, metric) for metric in request.metrics]


@dataclass(frozen=True, eq=False)
class Probes:
    """The scores of samples against the validation part, in the space of a feature map.

    Args:
        probes: what to measure; the first score chooses the state that is handed over.
        features: the space.
        x: the validation part.
    """

    probes: tuple[Probe, ...]
    features: Features
    x: Tensor

    def __call__(self, y: Tensor) -> tuple[dict[str, dict[str, Any]], dict[str, Tensor]]:
        """Return scores by name; and what the error of a change of the first one is made of, if it is a kernel's."""
        samples, first = Side(*self.features.read(y)), self.probes[0].measure
        known: dict[Any, tuple[Any, ...]] = {}
        trace: dict[str, Tensor] = {}
        if isinstance(first, KernelScore):
            sums = self._sums(samples.features)
            known[first], trace = (of_sums(first.name, sums),), vars(Trace.of(sums))
        found: dict[str, dict[str, Any]] = {}
        for one in self.probes:
            if one.measure not in known:
                known[one.measure] = self._measured(one, samples)
            for name, score in _named(one, known[one.measure]):
                found.setdefault(name, _plain(score))
        return found, trace

    def error(self, new: dict[str, Tensor], old: dict[str, Tensor]) -> float:
        """Return the standard error of the change between two states that were given the same noise."""
        return paired_error(Trace(**new), Trace(**old))

    def remember(self, y: Tensor) -> dict[str, Tensor]:
        """Return the sums of kernel values that a three-sample test needs of old samples."""
        sums = self._sums(self.features.read(y).features)
        return {name: t for name, t in vars(sums).items() if isinstance(t, Tensor)}

    def compare(self, new: dict[str, Tensor], old: dict[str, Tensor]) -> tuple[float, float]:
        """Return MMD²(x, new) − MMD²(x, old) and its standard error, of independent samples."""
        a, b = (Sums(**memory) for memory in (new, old))  # type: ignore[arg-type]  # all but the arithmetic are tensors
        found = relative(a, b, level=0.05)  # of an interval that is not read
        return found.difference, found.stderr

    @property
    def _judge(self) -> KernelScore:
        """Return what three-sample tests compare by: the first score if it is a kernel's, else KID."""
        first = self.probes[0].measure
        return first if isinstance(first, KernelScore) else KID()

    @cached_property
    def _sums(self) -> Callable[[Tensor], Sums]:
        return self._judge.sums_against(self._real.features)

    @cached_property
    def _real(self) -> Side:
        return Side(*self.features.read(self.x))

    def _measured(self, one: Probe, samples: Side) -> tuple[Any, ...]:
        f = one.measure
        if isinstance(f, Metric):
            return f(self._real.read(f), samples.read(f))
        return (f(self._real.features, samples.features),)


def _named(one: Probe, scores: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """Return the wanted scores in their order, a function's under the name that it was given."""
    if not isinstance(one.measure, Metric):
        return [(name, score) for name in one.names or () for score in scores]
    if one.names is None:
        return [(score.name, score) for score in scores]
    return [(name, score) for name in one.names for score in scores if score.name == name]


def _plain(score: Any) -> dict[str, Any]:
    """Return a score as it stands in scores.jsonl; a function's need not have a spread."""
    spread = score.spread if isinstance(score, Score) else None
    return {"value": score.value, "stderr": score.stderr, "spread": spread, "better": score.better}


def given_or_recorded(given: Any, recorded: Any) -> Any:
    """Return what was given now, else what was written down.

    Raises:
        Refused: if neither is there, since functions cannot be written down.
    """
    if given is None and recorded is None:
        raise Refused("this run's probes are functions, which only Python can pass: give probes= and probe_features=.")
    return recorded if given is None else given
