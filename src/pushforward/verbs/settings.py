"""The settings of `fit` apart from game and data: plain values, kept in the run folder for a resumed run."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Literal

import torch

from pushforward.critics import DiffAugment
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.units import Scale, check_scale
from pushforward.metrics import Metric
from pushforward.runs.typed_values import arguments
from pushforward.training import Budget, Pace
from pushforward.tuning import STEADY, ThreeSampleRule
from pushforward.verbs.values import describe, restore

Precision = Literal["auto", "32", "bf16"]
DEFAULT_STEPS = 5000

MOST_THREADS = 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `fit` that shape a run; see there."""

    steps: int | None = None
    minutes: float | None = None
    seed: int = 0
    device: str = "auto"
    precision: Precision = "auto"
    threads: int | None = None
    average: float = 0.999
    clip_norm: float | None = None
    augment: DiffAugment | None = None
    probe_every: int | None = None
    checkpoint_every: int | None = None
    log_every: int | None = None
    examples: bool = True
    tensorboard: bool = False
    verdict: bool = True
    probes: Any = "local-mmd"
    probe_features: Any = "identity"
    lr_rule: ThreeSampleRule | None = None
    stop_early: bool = False
    patience: int | None = None
    scale: Scale | None = None
    target: str | None = None
    warm_start: str | None = None

    def __post_init__(self) -> None:
        for name in ("probe_every", "checkpoint_every", "log_every", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise Refused(f"--{name} must be at least 1, got {value}.")
        if self.patience is not None and self.patience < 0:
            raise Refused(f"--patience must be at least 0, for never, got {self.patience}.")
        if not 0 <= self.average < 1:
            raise Refused(f"--average must lie in [0, 1), got {self.average}; 0 keeps the sampler as it is.")
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise Refused(f"--clip_norm must be positive, got {self.clip_norm}.")
        if self.device == "cuda" and not torch.cuda.is_available():
            raise Refused("--device cuda was asked for, but torch finds no CUDA device here; use --device cpu.")
        if self.device not in ("auto", "cpu", "cuda"):
            raise Refused(f"--device must be auto, cpu or cuda, got {self.device!r}.")
        if self.precision not in ("auto", "32", "bf16"):
            raise Refused(f"--precision must be auto, 32 or bf16, got {self.precision!r}.")
        check_scale(self.scale)
        if self.threads is not None and self.threads > MOST_THREADS:
            raise Refused(f"--threads must be at most {MOST_THREADS}, got {self.threads}.")
        _ = self.budget  # which refuses what is none

    @property
    def budget(self) -> Budget:
        """The turns or minutes of training; 5000 turns if neither was said."""
        return Budget(DEFAULT_STEPS if self.steps is None and self.minutes is None else self.steps, self.minutes)

    @property
    def pace(self) -> Pace:
        """The pace of about 200 records and 20 probes in a run of known length."""
        steps = self.budget.steps
        log = self.log_every or (max(1, steps // 200) if steps else 50)
        probe = self.probe_every or (max(1, steps // 20) if steps else 500)
        return Pace(log, probe, self.checkpoint_every)

    @property
    def rule(self) -> ThreeSampleRule | None:
        """The rule that three-sample tests serve; one that lowers nothing if they only end the run."""
        return self.lr_rule or (STEADY if self.stop_early else None)

    def check_every(self, rule: ThreeSampleRule) -> int:
        """Return the turns between two tests: 75 in a run of known length."""
        return rule.every or (max(1, self.budget.steps // 75) if self.budget.steps else 500)

    @property
    def bf16(self) -> bool:
        """Whether matrix products run in bfloat16; `auto` that nobody decided, as in older folders, is float32."""
        return self.precision == "bf16"

    @contextmanager
    def threaded(self) -> Iterator[None]:
        """Set that many threads inside, and as many as before afterwards."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads or before)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def plain(self) -> dict[str, Any]:
        """Return the settings as JSON has them; probes that cannot be written down, such as functions, are None."""
        return {f.name: described(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def read(cls, plain: Mapping[str, Any], whose: str = "the call") -> "Settings":
        """Return the settings that `plain` wrote down.

        Args:
            plain: read from a file.
            whose: the file, in sentences that refuse what it says.

        Raises:
            Refused: for an option that `fit` does not have, or a value of another type.
        """
        found = cls(**arguments(restore(dict(plain), whose), cls, f"fit in {whose}"))
        probes = found.probes if isinstance(found.probes, tuple) else (found.probes,)
        if not all(probe is None or isinstance(probe, str | Metric) for probe in probes):
            raise Refused(f"probes of fit in {whose} must be names or metrics, got {found.probes!r}.")
        if not (found.probe_features is None or isinstance(found.probe_features, str | Features)):
            raise Refused(f"probe_features of fit in {whose} must be a name or features, got {found.probe_features!r}.")
        return found


def described(value: Any) -> Any:
    """The value as JSON has it, None if there is no such form."""
    try:
        return describe(value)
    except Refused:
        return None


def environment(device: torch.device) -> dict[str, Any]:
    """Return versions, device and threads, for the record."""
    import platform
    from importlib.metadata import version

    packages = ("pushforward", "torch", "numpy", "safetensors")
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: version(name) for name in packages},
        "device": str(device),
        "device_name": torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or "cpu",
        "threads": torch.get_num_threads(),
        "cpus": os.cpu_count(),
    }
