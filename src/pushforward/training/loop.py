"""The loop, turn after turn: batches in, a fitted sampler, a log and checkpoints out; no recipe, no metric."""

import time
from collections.abc import Callable
from typing import Any

from torch import nn

from pushforward import ranks
from pushforward.errors import Interrupted, TrainingFailed
from pushforward.runs import RunFolder
from pushforward.samplers import Sampler
from pushforward.training import state
from pushforward.training.averaging import Average
from pushforward.training.batches import Batches
from pushforward.training.budget import Budget
from pushforward.training.choice import Choice, Standing
from pushforward.training.engine import Engine
from pushforward.training.pace import Pace, Watcher
from pushforward.training.patience import Patience
from pushforward.training.probing import Probing
from pushforward.training.signals import Signals
from pushforward.training.snapshots import Snapshots
from pushforward.training.subseeds import subseed
from pushforward.training.three_sample_rule import Checks
from pushforward.training.turn import Turn

UNREAD = 1000
"""Losses that an accelerator may owe at most: reading one waits for all that it was asked for before."""

HINT = "lower the learning rate (--tune.lr), clip gradients (--clip_norm 1) or use --precision 32"


class Training:
    """The loop, and everything that has a state.

    Args:
        game: has `step`, `sampler`, `kept`, `turns`, `tune` and `players()`.
        batches: where data come from.
        folder: where files go.
        engine: device and precision.
        probing: scores on the validation part.
        pace: what happens how often.
        decay: of the averaged sampler.
        clip_norm: largest norm of a player's gradient.
        watchers: told of every record.
        diagnose: what is to be noted of the critic at each probe; it must change nothing.
        checks: the rule that lowers the learning rates, or ends; None for neither.
        patience: with states that are worse than the best.
    """

    def __init__(
        self,
        game: Any,
        batches: Batches,
        folder: RunFolder,
        engine: Engine,
        probing: Probing,
        pace: Pace,
        decay: float,
        clip_norm: float | None = None,
        watchers: tuple[Watcher, ...] = (),
        diagnose: Callable[[], dict[str, Any]] | None = None,
        checks: Checks | None = None,
        patience: Patience | None = None,
    ):
        self.game, self.batches, self.folder, self.engine = game, batches, folder, engine
        self.probing, self.pace, self.watchers, self.diagnose, self.checks = probing, pace, watchers, diagnose, checks
        unread = 1 if engine.device.type == "cpu" else UNREAD
        self.turn = Turn(dict(game.players()), game.tune, clip_norm, unread)
        self.average = Average(nn.ModuleDict(game.kept), decay if game.averaged else 0.0)
        self.number, self.seconds = 0, 0.0
        self.choice: Choice | None = None
        self.scores: dict[str, Any] = {}
        self.snapshots: Snapshots | None = None
        self.patience = patience or Patience()
        self._saved = (-1, time.monotonic())

    def resume(self) -> bool:
        """Continue from the last checkpoint, if there is one, and take back what later turns left; say if there was."""
        if had_checkpoint := self.folder.checkpoints.has_last:
            self._load()
        ranks.first(self._take_back)
        return had_checkpoint

    def _load(self) -> None:
        checkpoint = self.folder.checkpoints.load_last()
        state.restore(checkpoint.tensors, self.game, self.average, self.turn)
        self.number, plain = checkpoint.turn, checkpoint.state
        self.seconds, self.scores = plain["seconds"], plain["scores"]
        self.choice = Choice.read(plain, checkpoint.tensors, checkpoint.turn)
        if self.checks and "checks" in plain:
            self.checks.restore(plain["checks"], checkpoint.tensors.get("checks", {}))
        self.batches.restore(plain["batches"])
        self.patience.exhausted(self.number, self.choice)
        self._saved = (self.number, time.monotonic())

    def _take_back(self) -> None:
        for log in ("log.jsonl", "scores.jsonl", "diagnostics.jsonl"):
            self.folder.truncate_jsonl(log, lambda r: r["turn"] <= self.number)
        self.folder.checkpoints.take_back()
        if not self.folder.checkpoints.has_best:  # the next probe finds one, whatever was found before
            self.choice = None

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent.

        Raises:
            TrainingFailed: at a loss that is found not to be finite when it is read; the last good checkpoint stays.
            Interrupted: at SIGINT or SIGTERM, after writing a checkpoint.
        """
        with Signals() as signals:
            try:
                stopped = self._turns(budget, lambda: signals.received or 0)
            except TrainingFailed as failure:
                raise TrainingFailed(f"{failure}; {self._where_kept()}; {HINT}.") from None
        if stopped and not self.done(budget):
            where = f"pushforward fit --resume {self.folder.path}"
            raise Interrupted(f"interrupted at turn {self.number}; continue with: {where}", stopped)

    @property
    def ended(self) -> bool:
        """Whether the rule, or the patience, has found that going on would not help."""
        return self.patience.over or (self.checks is not None and self.checks.ended)

    def done(self, budget: Budget) -> bool:
        """Tell whether nothing is left to do: the budget is spent, the game over, or the run ended by the rule."""
        over = self.game.turns is not None and self.number >= self.game.turns
        return over or self.ended or budget.spent(self.number, self.seconds)

    def handed_over(self) -> dict[str, Any] | None:
        """Return what is said of the state that is handed over; None if no state has a score that is finite."""
        if self.choice is None:
            return None
        weights = {"last": self._averaged} if self.choice.kept.turn < self.number else {}
        weights |= {"raw": self.game.sampler} if self.average.decay else {}
        others = {name: self.probing.standing(sampler, self.number) for name, sampler in weights.items()}
        return self.choice.handed_over(self.number, others, self.probing.error)

    def _turns(self, budget: Budget, signal: Callable[[], int]) -> int:
        """Train turn after turn until the budget is spent or a signal comes; return the signal's number, or 0."""
        if self.snapshots and self.number == 0:
            self.snapshots(self._averaged, 0, over=False)
        began, stop = time.monotonic() - self.seconds, 0.0
        while not (stop or self.done(budget)):
            factor = self.checks.factor if self.checks else 1.0
            self.turn.begin(self.number, budget.progress(self.number, self.seconds), factor)
            with self.engine.autocast(), self.turn.losses_first():
                self.game.step(self.batches, self.turn)
            self.average.update(self.number)
            self.number += 1
            # one clock for all processes, which must end in the same turn
            self.seconds, stop, due = ranks.agree(time.monotonic() - began, signal(), self._due())
            trained = time.monotonic()
            self._test()
            self._after(self.done(budget), bool(due))
            began += time.monotonic() - trained  # minutes are of training: what looks at it is not counted
        if self._saved[0] != self.number:
            self.save()
        return int(stop)

    def _due(self) -> bool:
        """Tell whether it is time for a checkpoint."""
        every = self.pace.checkpoint_every
        return self.number % every == 0 if every else time.monotonic() - self._saved[1] > 60

    def _after(self, done: bool, due: bool) -> None:
        """Write what a turn leaves behind: snapshots, records, scores, checkpoints."""
        if self.number % self.pace.probe_every == 0 or done:
            self._probe()
            done = self.patience.exhausted(self.number, self.choice) or done
        if self.snapshots:
            self.snapshots(self._averaged, self.number, over=done)
        if self.number % self.pace.log_every == 0 or self.number == 1 or done:
            self._log()
        if due:
            self.save()

    def save(self) -> None:
        """Write what a resumed run continues."""
        state.refuse_not_finite(self.game, self.turn, self.number)
        if ranks.rank() == 0:
            tensors = state.capture(self.game, self.average, self.turn)
            plain = {"seconds": self.seconds, "scores": self.scores, "batches": self.batches.state()}
            plain["choice"] = self.choice and self.choice.plain()
            tensors |= self.choice.traces() if self.choice else {}
            if self.checks:
                plain["checks"], tensors["checks"] = self.checks.state(), self.checks.memory()
            self.folder.checkpoints.save_last(self.number, tensors, plain)
        self._saved = (self.number, time.monotonic())

    @property
    def _averaged(self) -> Sampler:
        assert isinstance(sampler := self.average.module["sampler"], Sampler)  # as `Game.kept` says
        return sampler

    @property
    def _when(self) -> dict[str, Any]:
        return {"turn": self.number, "seconds": round(self.seconds, 3)}

    def _test(self) -> None:
        """Test the sampler as it stands by the rule; the first process asks it, the others follow."""
        if self.checks is None or self.number % self.checks.every:
            return
        state.refuse_not_finite(self.game, self.turn, self.number)
        self.checks.follow(*ranks.first(self._tested))

    def _tested(self) -> tuple[float, bool]:
        assert self.checks is not None  # asked for by `_test`
        noise = subseed(self.probing.seed, f"check {self.number}")  # new at each: the test wants independent samples
        outcome = self.checks(self.probing.samples(self._averaged, noise))
        self.folder.append_jsonl("log.jsonl", {**self._when, "check": outcome, "ended": self.checks.ended})
        return self.checks.factor, self.checks.ended

    def _probe(self) -> None:
        state.refuse_not_finite(self.game, self.turn, self.number)
        if ranks.rank() > 0:
            return
        self.scores, trace = self.probing(self._averaged)
        before, new = self.choice, Standing.of(self.number, self.scores, trace)
        self.choice = Choice.after(before, new, self.probing.error)
        if (keep := self.choice is not before) or not self.folder.checkpoints.has_best:
            kept = {"average": self.average.module, "raw": nn.ModuleDict(self.game.kept)}
            tensors = {name: dict(m.state_dict()) for name, m in kept.items()}
            self.folder.checkpoints.save_best(self.number, tensors, {"scores": self.scores})
        if self.scores:
            record = {"part": "validation", "scores": self.scores, "best": keep, "chosen_by": next(iter(self.scores))}
            self.folder.append_jsonl("scores.jsonl", self._when | record)
        if self.diagnose:
            self._note(self.diagnose())

    def _note(self, findings: dict[str, Any]) -> None:
        """Write what is known of the critic into a file of its own; an alarm, into the log too."""
        self.folder.append_jsonl("diagnostics.jsonl", {**self._when, **findings})
        if findings.get("alarm"):
            self.folder.append_jsonl("log.jsonl", {**self._when, "alarm": findings["alarm"]})

    def _log(self) -> None:
        self.turn.settle()
        if ranks.rank() > 0:
            return
        for player, entry in self.turn.records.items():
            self.folder.append_jsonl("log.jsonl", {**self._when, "player": player, **entry})
        for watcher in self.watchers:
            watcher(self.number, self.seconds, self.turn.records, self.scores)

    def _where_kept(self) -> str:
        if not self.folder.checkpoints.has_last:
            return "no checkpoint was written yet"
        return f"the last good checkpoint, turn {max(self._saved[0], 0)}, is in {self.folder.path}/checkpoint"
