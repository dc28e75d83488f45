"""The pace of training: what happens how often, and who is told of it."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Pace:
    """The numbers of turns between records, between probes and between checkpoints.

    Args:
        log_every: turns between two records of the log.
        probe_every: turns between two probes.
        checkpoint_every: turns between two checkpoints; None for one a minute.
    """

    log_every: int
    probe_every: int
    checkpoint_every: int | None = None


@runtime_checkable
class Watcher(Protocol):
    """A watcher who is told how training goes."""

    def __call__(self, turn: int, seconds: float, losses: dict[str, Any], scores: dict[str, Any]) -> None:
        """Take in one record of the run."""
