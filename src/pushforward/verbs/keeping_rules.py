"""The samples of a table that keep the rules of the data or constraints: what breaks one is drawn anew."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data.codecs.rules import Bound, Order, cells_of
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.progress import tell
from pushforward.spaces import Batch
from pushforward.training import subseed
from pushforward.verbs.conditions import Condition
from pushforward.verbs.constraints import Constraints, Rule, Unique, constraints_of, rows_of
from pushforward.verbs.contradictions import refuse_contradictions
from pushforward.verbs.sifting import Sieve

ROUNDS = 50
"""Times that samples are drawn, at most."""

HOPELESS = 4000
"""Samples after which too few that keep the rules end the drawing."""


class Keeper:
    """A filter of samples that remembers what it has let through.

    Args:
        codec: of the data.
        rules: that each row is to keep.
        unique: what no two rows may have in common.
    """

    def __init__(self, codec: TableCodec, rules: Sequence[Rule], unique: Sequence[Unique] = ()):
        self.codec, self.rules, self.unique = codec.without_index(), tuple(rules), tuple(unique)
        self._seen = [set[Any]() for _ in unique]

    def __str__(self) -> str:
        return " and ".join(map(str, (*self.rules, *self.unique)))

    def good(self, batch: Batch) -> Tensor:
        """Return which samples keep the rules, and have nothing in common that they may not."""
        values = cells_of(self.codec.decode(batch), self.codec.coded)
        met = np.all([np.ones(len(batch.x), dtype=bool), *(rule.met(values) for rule in self.rules)], axis=0)
        for i in np.flatnonzero(met) if self.unique else ():
            keys = [rows_of({name: values[name][i : i + 1] for name in u.columns}, u.columns)[0] for u in self.unique]
            met[i] = all(key not in seen for key, seen in zip(keys, self._seen, strict=True))
            for key, seen in zip(keys, self._seen, strict=True):
                seen |= {key} if met[i] else set()
        return torch.from_numpy(met)

    def drawn(self, draw: Callable[[int, int], Batch], n: int, seed: int) -> Batch:
        """Return n samples that are let through; say how many are.

        Args:
            draw: gives so many samples of a seed.
            n: samples.
            seed: of the first of them.

        Raises:
            Refused: where hardly a sample is.
        """
        if not self.rules and not self.unique:
            return draw(n, seed)
        seed_of = lambda drawn: subseed(seed, f"rules {drawn // n}") if drawn else seed
        sieve = Sieve(
            lambda drawn: draw(n, seed_of(drawn)),
            lambda batch, _: self.good(batch),
            ROUNDS * n,
            f"{self} is kept by",
            "ask for fewer",
            HOPELESS,
        )
        batch, drawn, met = sieve.kept(n)
        tell(f"{_percent(met / drawn)} of {drawn:,} samples keep {self}; the others are thrown away.")
        return batch

    def completed(self, draw: Callable[[Tensor, int], Batch], n: int, seed: int, given: pd.DataFrame) -> Batch:
        """Return n rows that are given in part, each completed until it is let through; say how many were at once.

        Args:
            draw: completes rows of these numbers, by a seed.
            n: rows.
            seed: of the first completion.
            given: what is given of rows, which are taken in turn.

        Raises:
            Refused: where the given cells of a row break a rule, and where a row has no completion that is let through.
        """
        left, batch = torch.arange(n), draw(torch.arange(n), seed)
        if not self.rules and not self.unique:
            return batch
        self._refuse_given(given)
        x, label, more, at_once = batch.x.clone(), batch.label, batch, 0
        label = None if label is None else label.clone()
        for i in range(ROUNDS):
            good = self.good(more)
            x[left[good]] = more.x[good]
            if label is not None and more.label is not None:
                label[left[good]] = more.label[good]
            at_once, left = at_once if i else int(good.sum()), left[~good]
            if not len(left):
                break
            more = draw(left, subseed(seed, f"rules {i + 1}"))
        if len(left):
            raise Refused(f"row {int(left[0]) % len(given)} of --given, counted from 0, has no completion in {ROUNDS} "
                          f"draws that keeps {self}, nor have {len(left) - 1:,} others.")  # fmt: skip
        tell(f"{_percent(at_once / n)} of {n:,} completed rows keep {self} at once; the others are drawn anew.")
        return Batch(x, label)

    def _refuse_given(self, given: pd.DataFrame) -> None:
        """Refuse rows whose given cells alone break a rule."""
        known = {str(name): name for name in self.codec.names}
        frame = given.rename(columns=lambda name: known.get(str(name), name)).reset_index(drop=True)
        coded = [c for c in self.codec.coded if c.column in frame]
        for rule in self.rules:
            if not set(rule.columns) <= set(frame):
                continue
            there = frame[list(rule.columns)].notna().all(axis=1).to_numpy()
            here = frame.loc[there, list(rule.columns)].reset_index(drop=True)
            broken = ~rule.met(cells_of(here, [c for c in coded if c.column in rule.columns]))
            if broken.any():
                row = int(np.flatnonzero(there)[broken][0])
                raise Refused(f"row {row} of --given, counted from 0, breaks {rule}, and {int(broken.sum()) - 1:,} "
                              "others; mend it, or leave the rule out.")  # fmt: skip


def keeper_of(
    codec: object,
    held: Callable[[], pd.DataFrame],
    rules: bool,
    constraints: str | None,
    conditions: Sequence[Condition] = (),
) -> Keeper | None:
    """Return what lets samples through; None where nothing is asked for.

    Args:
        codec: of the data.
        held: gives the data.
        rules: whether to keep those that hold in all rows of the data.
        constraints: others, as a text.
        conditions: that samples meet besides.

    Raises:
        Refused: for data without rules, for constraints that cannot be read, and for what no row can keep.
    """
    if not rules and constraints is None:
        if isinstance(codec, TableCodec):
            refuse_contradictions(codec, conditions, ())
        return None
    if not isinstance(codec, TableCodec):
        raise Refused("--rules and --constraints are about columns of a table, and the data have none; leave them out.")
    found: tuple[Rule, ...] = (*codec.rules, *codec.bounds) if rules else ()
    if rules and not found:
        raise Refused("--rules keeps what holds in all rows, orders of columns and ends of ranges, and the data have "
                      "none; leave it out, or say --constraints.")  # fmt: skip
    asked = Constraints() if constraints is None else constraints_of(constraints, codec, held)
    kept = tuple(dict.fromkeys((*found, *asked.rules)))
    orders = [rule for rule in kept if isinstance(rule, Order)]
    refuse_contradictions(codec, (*conditions, *asked.conditions), orders, [r for r in found if isinstance(r, Bound)])
    return Keeper(codec, kept, asked.unique)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
