"""The only code that touches an optimiser: gradients of a loss go to its player and to nobody else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.errors import Refused, TrainingFailed
from pushforward.networks import openings
from pushforward.training.players import in_words
from pushforward.tuning import Optimizer

Player = nn.Module | tuple[nn.Module, ...]


@dataclass
class _Pending:
    names: tuple[str, ...]
    parameters: list[nn.Parameter]
    loss: Tensor


@dataclass(frozen=True)
class _Noted:
    turn: int
    player: str
    loss: Tensor | float


@dataclass
class Turn:
    """A turn, which minimises, maximises and records for the players of a game.

    Reading a loss waits until the device has computed it, so losses are kept as they are and read so many at a time.

    Args:
        players: name → module; each has an optimiser of its own.
        tune: name → how that player steps.
        clip_norm: largest norm of one player's gradient; None for no bound.
        unread: losses that are read together, at least 1; with 1 none makes a step before it is known to be finite.
    """

    players: Mapping[str, nn.Module]
    tune: Mapping[str, Optimizer]
    clip_norm: float | None = None
    unread: int = 1
    number: int = 0

    def __post_init__(self) -> None:
        self._learnt = {name: [p for p in m.parameters() if p.requires_grad] for name, m in self.players.items()}
        self.optimizers = {name: self.tune[name].build(parameters) for name, parameters in self._learnt.items()}
        self._openings = [opening for m in self.players.values() for opening in openings(m)]
        self._names = {id(m): name for name, m in self.players.items()}
        self._pending: list[_Pending] | None = None
        self._records: dict[str, tuple[Tensor | float, dict[str, Tensor | float]]] = {}
        self._unread: list[_Noted] = []

    @property
    def records(self) -> dict[str, dict[str, float | dict[str, float]]]:
        """The last loss of each player in this turn, and the terms beside it, as numbers."""
        return {
            player: {"loss": float(loss), "terms": {name: float(term) for name, term in terms.items()}}
            for player, (loss, terms) in self._records.items()
        }

    def begin(self, number: int, progress: float, factor: float = 1.0) -> None:
        """Forget old losses; set the turn's number, and factor × the learning rates for this share of the budget.

        Levels of codes that open over turns are told the number too.
        """
        self.number, self._records = number, {}
        for opening in self._openings:
            opening.turns.fill_(number)
        for name, optimizer in self.optimizers.items():
            rate = factor * self.tune[name].rate(progress)
            for group in optimizer.param_groups:
                group["lr"] = rate

    def minimize(self, players: Player, loss: Tensor, **terms: Tensor | float) -> None:
        """Take one step of these players, and of no other, down the loss.

        Args:
            players: a player, or a tuple of players that step together.
            loss: a number with a graph.
            terms: numbers to record beside the loss.
        Raises:
            TrainingFailed: if the loss is not finite, or an earlier one was that is read with it.
            Refused: if it depends on none of the players' weights.
        """
        self._record(players, loss, terms)
        self._step(players, loss)

    def maximize(self, players: Player, value: Tensor, **terms: Tensor | float) -> None:
        """Take one step of these players, and of no other, up the value; the record keeps the value's own sign."""
        self._record(players, value, terms)
        self._step(players, -value)

    def note(self, player: str, loss: Tensor | float, **terms: Tensor | float) -> None:
        """Record a player that steps without an optimiser; arguments and errors as in `minimize`."""
        loss = _detached(loss)
        self._records[player] = loss, {name: _detached(term) for name, term in terms.items()}
        self._unread.append(_Noted(self.number, player, loss))
        if len(self._unread) >= self.unread:
            self.settle()

    def settle(self) -> None:
        """Read the losses that were not read yet.

        Raises:
            TrainingFailed: for the first that is not finite, by its player and its turn.
        """
        unread, self._unread = self._unread, []
        for noted in unread:
            if not isfinite(number := float(noted.loss)):
                raise TrainingFailed(f"the loss of the {in_words(noted.player)} was {number} at turn {noted.turn}")

    @contextmanager
    def losses_first(self) -> Iterator[None]:
        """Let a loss that was not finite, and not read yet, go before the error that it may have led to."""
        try:
            yield
        except Exception:
            self.settle()
            raise

    @contextmanager
    def together(self) -> Iterator[None]:
        """Take all gradients first, then all steps."""
        self._pending = []
        try:
            yield
            pending = self._pending
        finally:
            self._pending = None
        for p in pending:
            self._differentiate(p, keep=p is not pending[-1])
        for p in pending:
            self._advance(p)

    def _step(self, players: Player, loss: Tensor) -> None:
        names = tuple(self._names[id(m)] for m in (players if isinstance(players, tuple) else (players,)))
        mine = [p for name in names for p in self._learnt[name]]
        pending = _Pending(names, mine, loss)
        if self._pending is not None:
            self._pending.append(pending)
            return
        self._differentiate(pending, keep=False)
        self._advance(pending)

    def _differentiate(self, p: _Pending, keep: bool) -> None:
        gradients = torch.autograd.grad(p.loss, p.parameters, retain_graph=keep, allow_unused=True)
        if all(gradient is None for gradient in gradients):
            raise Refused(f"no gradient reaches the {'+'.join(p.names)}: its loss depends on none of its weights.")
        for parameter, gradient in zip(p.parameters, gradients, strict=True):
            parameter.grad = None if gradient is None else in_layout_of(gradient, parameter)
        ranks.average_(q.grad for q in p.parameters if q.grad is not None)
        if self.clip_norm is not None:
            for name in p.names:
                torch.nn.utils.clip_grad_norm_(self._learnt[name], self.clip_norm)

    def _advance(self, p: _Pending) -> None:
        for name in p.names:
            self.optimizers[name].step()
        # autocast keeps the weights it has cast until it ends, and a turn is one autocast of several steps
        torch.clear_autocast_cache()

    def _record(self, players: Player, value: Tensor, terms: Mapping[str, Tensor | float]) -> None:
        name = "+".join(self._names[id(m)] for m in (players if isinstance(players, tuple) else (players,)))
        self.note(name, value, **terms)


def _detached(value: Tensor | float) -> Tensor | float:
    """Return the number without its graph."""
    return value.detach() if isinstance(value, Tensor) else value


def in_layout_of(values: Tensor, like: Tensor) -> Tensor:
    """Return the same values in the memory order of another tensor: fused optimisers pair numbers by their place."""
    return values if values.stride() == like.stride() else torch.empty_like(like, dtype=values.dtype).copy_(values)
