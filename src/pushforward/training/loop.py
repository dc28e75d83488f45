"""Turn after turn: batches in, a fitted sampler, a log and checkpoints out. Knows no recipe and no metric."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from accelerate import Accelerator
from torch import nn

from pushforward import ranks
from pushforward.errors import Interrupted, TrainingFailed
from pushforward.runs import RunFolder
from pushforward.training import state
from pushforward.training.averaging import Average
from pushforward.training.batches import Batches
from pushforward.training.budget import Budget
from pushforward.training.probing import Probing
from pushforward.training.signals import Signals
from pushforward.training.turn import Turn

HINT = "lower the learning rate (--tune.lr), clip gradients (--clip_norm 1) or use --precision 32"


@dataclass(frozen=True)
class Pace:
    """What happens how often.

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
    """Somebody to tell how it goes."""

    def __call__(self, turn: int, seconds: float, losses: dict[str, Any], scores: dict[str, Any]) -> None:
        """After every record."""


class Training:
    """The loop, and everything that has a state.

    Args:
        game: has `step`, `sampler`, `tune` and `players()`.
        batches: where data come from.
        folder: where files go.
        accelerator: device and precision.
        probing: scores on the validation part.
        pace: what happens how often.
        decay: of the averaged sampler.
        clip_norm: largest norm of a player's gradient.
        watchers: told of every record.
        diagnose: what is to be noted of the critic at each probe; it must change nothing.
    """

    def __init__(
        self,
        game: Any,
        batches: Batches,
        folder: RunFolder,
        accelerator: Accelerator,
        probing: Probing,
        pace: Pace,
        decay: float,
        clip_norm: float | None = None,
        watchers: tuple[Watcher, ...] = (),
        diagnose: Callable[[], dict[str, Any]] | None = None,
    ):
        self.game, self.batches, self.folder, self.accelerator = game, batches, folder, accelerator
        self.probing, self.pace, self.watchers, self.diagnose = probing, pace, watchers, diagnose
        self.turn = Turn(dict(game.players()), game.tune, clip_norm)
        self.average = Average(game.sampler, decay)
        self.number, self.seconds = 0, 0.0
        self.best: float | None = None
        self.scores: dict[str, Any] = {}
        self._saved = (-1, time.monotonic())

    def resume(self) -> bool:
        """Go on from the last checkpoint, or from the start without one; records after it are taken back.

        Returns:
            Whether there was a checkpoint.
        """
        found = self.folder.checkpoints.has_last
        if found:
            self._load()
        ranks.first(self._take_back)
        return found

    def _load(self) -> None:
        checkpoint = self.folder.checkpoints.load_last()
        state.restore(checkpoint.tensors, self.game, self.average, self.turn)
        self.number, plain = checkpoint.turn, checkpoint.state
        self.seconds, self.best, self.scores = plain["seconds"], plain["best"], plain["scores"]
        self.batches.restore(plain["batches"])
        self._saved = (self.number, time.monotonic())

    def _take_back(self) -> None:
        for log in ("log.jsonl", "scores.jsonl", "diagnostics.jsonl"):
            self.folder.truncate_jsonl(log, lambda r: r["turn"] <= self.number)

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent.

        Raises:
            TrainingFailed: at a loss that is not finite; the last good checkpoint stays.
            Interrupted: at SIGINT or SIGTERM, after writing a checkpoint.
        """
        with Signals() as signals:
            try:
                stopped = self._turns(budget, lambda: signals.received or 0)
            except TrainingFailed as failure:
                raise TrainingFailed(f"{failure}; {self._kept()}; {HINT}.") from None
        if stopped and not budget.spent(self.number, self.seconds):
            where = f"pushforward fit --resume {self.folder.path}"
            raise Interrupted(f"interrupted at turn {self.number}; continue with: {where}", stopped)

    def _turns(self, budget: Budget, asked: Callable[[], int]) -> int:
        """Turn after turn until the budget is spent or a signal asks to stop; the signal's number, or 0."""
        began, stop = time.monotonic() - self.seconds, 0.0
        while not (stop or budget.spent(self.number, self.seconds)):
            self.turn.begin(self.number, budget.progress(self.number, self.seconds))
            with self.accelerator.autocast():
                self.game.step(self.batches, self.turn)
            self.average.update(self.number)
            self.number += 1
            # one clock for all processes, which must end in the same turn
            self.seconds, stop, due = ranks.agree(time.monotonic() - began, asked(), self._due())
            self._after(budget.spent(self.number, self.seconds), bool(due))
        if self._saved[0] != self.number:
            self.save()
        return int(stop)

    def _due(self) -> bool:
        """Whether it is time for a checkpoint."""
        every = self.pace.checkpoint_every
        return self.number % every == 0 if every else time.monotonic() - self._saved[1] > 60

    def _after(self, done: bool, due: bool) -> None:
        """What a turn leaves behind: records, scores, checkpoints."""
        if self.number % self.pace.probe_every == 0 or done:
            self._probe()
        if self.number % self.pace.log_every == 0 or self.number == 1 or done:
            self._log()
        if due:
            self.save()

    def save(self) -> None:
        """Write what a resumed run continues."""
        state.check(self.game, self.number)
        if ranks.rank() == 0:
            tensors = state.capture(self.game, self.average, self.turn)
            plain = {"seconds": self.seconds, "best": self.best, "scores": self.scores, "batches": self.batches.state()}
            self.folder.checkpoints.save_last(self.number, tensors, plain)
        self._saved = (self.number, time.monotonic())

    def _probe(self) -> None:
        state.check(self.game, self.number)
        if ranks.rank() > 0:
            return
        self.scores = self.probing(self.average.module)
        better = self.probing.improves(self.scores, self.best)
        if better is not None or not self.folder.checkpoints.has_best:
            self.best = better
            samplers = {"average": self.average.module, "sampler": self.game.sampler}
            tensors = {name: dict(m.state_dict()) for name, m in samplers.items()}
            self.folder.checkpoints.save_best(self.number, tensors, {"scores": self.scores})
        if self.scores:
            record = {"turn": self.number, "seconds": round(self.seconds, 3), "part": "validation"}
            self.folder.append_jsonl("scores.jsonl", {**record, "scores": self.scores, "best": better is not None})

        if self.diagnose:
            self._note(self.diagnose())

    def _note(self, found: dict[str, Any]) -> None:
        """What is known of the critic, in a file of its own; an alarm, in the log too."""
        when = {"turn": self.number, "seconds": round(self.seconds, 3)}
        self.folder.append_jsonl("diagnostics.jsonl", {**when, **found})
        if found.get("alarm"):
            self.folder.append_jsonl("log.jsonl", {**when, "alarm": found["alarm"]})

    def _log(self) -> None:
        if ranks.rank() > 0:
            return
        for player, entry in self.turn.records.items():
            record = {"turn": self.number, "seconds": round(self.seconds, 3), "player": player, **entry}
            self.folder.append_jsonl("log.jsonl", record)
        for watcher in self.watchers:
            watcher(self.number, self.seconds, self.turn.records, self.scores)

    def _kept(self) -> str:
        if not self.folder.checkpoints.has_last:
            return "no checkpoint was written yet"
        return f"the last good checkpoint, turn {max(self._saved[0], 0)}, is in {self.folder.path}/checkpoint"


def engine(device: str, bf16: bool) -> Accelerator:
    """Device, precision and processes.

    Args:
        device: "auto" for an accelerator where there is one, or "cpu", "cuda".
        bf16: whether matrix products run in bfloat16; parameters, kernels and penalties stay in float32.
    """
    from accelerate.state import AcceleratorState

    # device and precision are global otherwise, and a second fit could not choose its own
    AcceleratorState._reset_state(reset_partial_state=ranks.size() == 1)
    return Accelerator(cpu=device == "cpu", mixed_precision="bf16" if bf16 else "no")


def convolutional(game: nn.Module) -> bool:
    """Whether pictures pass through convolutions, which are faster with channels last."""
    return any(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in game.modules())


def small(game: nn.Module) -> bool:
    """Whether a second thread would wait more than it works: no convolutions and fewer than two million parameters."""
    return not convolutional(game) and sum(p.numel() for p in game.parameters()) < 2_000_000


def same_start(game: nn.Module) -> None:
    """Every process begins with the parameters of the first."""
    if ranks.size() > 1:
        for t in game.state_dict().values():
            torch.distributed.broadcast(t, 0)
