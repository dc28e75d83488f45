"""The samples of a run as tensors: of classes and columns that are asked for, or of the data's own shares."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import torch
from torch import Tensor

from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.samplers import Sampler, TableCDF
from pushforward.spaces import Batch
from pushforward.training import draw_samples
from pushforward.verbs.classes_asked import Label, Shares, classes_asked
from pushforward.verbs.completing import completed
from pushforward.verbs.conditions import conditions_of
from pushforward.verbs.given import draw_given, given_frame, given_rows
from pushforward.verbs.keeping_rules import Keeper, keeper_of
from pushforward.verbs.redrawing import CodeLaw, redrawn
from pushforward.verbs.refining import Refine, refining
from pushforward.verbs.where import balanced, draw_where, on_cpu

if TYPE_CHECKING:
    from pushforward.verbs.run import Run

Weights = Literal["best", "last", "raw"]

SAMPLES = 1000
"""Samples where no number is asked for."""


def drawn(
    run: "Run",
    n: int | None,
    seed: int,
    label: Label,
    weights: Weights,
    shares: Shares,
    given: Any = None,
    prior: CodeLaw = "own",
    means: bool = False,
    where: str | None = None,
    balance: str | None = None,
    rules: bool = False,
    constraints: str | None = None,
    refine: Refine = False,
) -> Batch:
    """Return samples of a run on the CPU; arguments as of `Run.sample`.

    Raises:
        Refused: for fewer than one, classes or columns that cannot be asked for.
    """
    if n is not None and n < 1:
        raise Refused(f"-n must be at least 1, got {n}.")
    if refine and not all(asked is None for asked in (where, balance, given, shares)):
        raise Refused("--refine draws whole rows by the law of the data; leave out --where, --balance, --given and "
                      "--shares, or --refine.")  # fmt: skip
    sampler = run.sampler(weights)
    if means or prior != "own":
        sampler = redrawn(run.path.name, sampler, None if prior == "own" else run.data.train, means)
    asked = conditions_of(where, run.codec.names) if where and isinstance(run.codec, TableCodec) else ()
    keeper = keeper_of(run.codec, lambda: _rows_held(run), rules, constraints, asked)
    if where is not None or balance is not None:
        alone = label is None and shares is None and given is None
        return _asked(run, sampler, n or SAMPLES, seed, where, balance, alone, keeper)
    if given is not None:
        return _given(run, sampler, n, seed, label, shares, given, keeper)
    free = lambda label: lambda count, seed: _free(run, sampler, count, seed, label, shares)
    draw = refining(run, (weights, prior, means), free(None), free(label), refine) if refine else free(label)
    return _kept(keeper, draw, n or SAMPLES, seed)


def _free(run: "Run", sampler: Sampler, n: int, seed: int, label: Label, shares: Shares) -> Batch:
    """Return n samples, of classes that are asked for."""
    return on_cpu(draw_samples(sampler, n, seed, _classes(run, sampler, n, seed, label, shares)))


def _given(
    run: "Run",
    sampler: Sampler,
    n: int | None,
    seed: int,
    label: Label,
    shares: Shares,
    given: Any,
    keeper: Keeper | None,
) -> Batch:
    """Return rows that are given in part, and drawn for the rest."""
    codec = run.codec
    if isinstance(sampler, TableCDF) and isinstance(codec, TableCodec):
        frame = given_frame(given, codec)
        _refuse_two_classes(codec.label_column in frame, label, shares)
        count = n or len(frame)
        space = run.game.space
        asked = classes_asked(space.classes if sampler.classes else (), count, seed, label, shares)
        some = lambda rows, seed: completed(
            sampler, codec, frame.iloc[rows.numpy() % len(frame)], len(rows), seed,
            None if asked is None else asked[rows], run.shares, told=len(rows) == count,
        )  # fmt: skip
    else:
        points, known = given_rows(given, codec, sampler, run.path.name)
        frame = given_frame(given, codec)
        _refuse_two_classes(points.label is not None, label, shares)
        count = n or len(points.x)
        classes = _classes(run, sampler, count, seed, label, shares)
        some = lambda rows, seed: on_cpu(draw_given(
            sampler, points.rows(rows % len(points.x)), known, len(rows), seed,
            None if classes is None else classes[rows],
        ))  # fmt: skip
    if keeper is None:
        return some(torch.arange(count), seed)
    return keeper.completed(some, count, seed, frame)


def _classes(run: "Run", sampler: Sampler, n: int, seed: int, label: Label, shares: Shares) -> Tensor | None:
    space = run.game.space
    names = (space.classes or [str(i) for i in range(sampler.classes)]) if sampler.classes else ()
    return classes_asked(names, n, seed, label, shares, run.shares)


def _kept(keeper: Keeper | None, draw: Callable[[int, int], Batch], n: int, seed: int) -> Batch:
    return draw(n, seed) if keeper is None else keeper.drawn(draw, n, seed)


def _rows_held(run: "Run") -> pd.DataFrame:
    """Return all rows of a table that a run was fitted to."""
    parts = (run.data.train, run.data.validation, run.data.test)
    return pd.concat([run.codec.without_index().decode(part.all()) for part in parts], ignore_index=True)


def _refuse_two_classes(given: bool, label: Label, shares: Shares) -> None:
    if given and not (label is None and shares is None):
        raise Refused("--given has the class of each row; leave out --label and --shares, or that column.")


def _asked(
    run: "Run",
    sampler: Sampler,
    n: int,
    seed: int,
    where: str | None,
    balance: str | None,
    alone: bool,
    keeper: Keeper | None,
) -> Batch:
    """Return samples that meet conditions, or of which equally many have each level of a column.

    Raises:
        Refused: for both at once, or beside other wishes.
    """
    if not alone or (where is not None and balance is not None):
        raise Refused("--where and --balance say all that samples are to be; leave out the other, --label, --shares "
                      "and --given.")  # fmt: skip
    draw = lambda text, count, first: _kept(
        keeper,
        lambda size, seed: draw_where(sampler, run.codec, text, size, seed, run.shares, told=seed == first),
        count,
        first,
    )
    return draw(where, n, seed) if where is not None else balanced(run.codec, balance or "", n, seed, draw)
