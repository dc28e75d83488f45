"""The samples of a run as tensors: of classes and columns that are asked for, or of the data's own shares."""

from typing import TYPE_CHECKING, Any, Literal

from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.samplers import Sampler, TableCDF
from pushforward.spaces import Batch
from pushforward.training import draw_samples
from pushforward.verbs.classes_asked import Label, Shares, classes_asked
from pushforward.verbs.completing import completed
from pushforward.verbs.given import draw_given, given_frame, given_rows
from pushforward.verbs.keeping_rules import keeping
from pushforward.verbs.redrawing import CodeLaw, redrawn
from pushforward.verbs.where import balanced, draw_where

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
) -> Batch:
    """Return samples of a run on the CPU; arguments as of `Run.sample`.

    Raises:
        Refused: for fewer than one, classes or columns that cannot be asked for.
    """
    if n is not None and n < 1:
        raise Refused(f"-n must be at least 1, got {n}.")
    if rules and (where is not None or balance is not None):
        raise Refused("--rules draws anew what breaks a rule of the data; leave out --where and --balance, or --rules.")
    sampler, space = run.sampler(weights), run.game.space
    if means or prior != "own":
        sampler = redrawn(run.path.name, sampler, None if prior == "own" else run.data.train, means)
    if where is not None or balance is not None:
        return _asked(
            run, sampler, n or SAMPLES, seed, where, balance, label is None and shares is None and given is None
        )
    if rules:
        if given is not None:
            raise Refused("--rules draws all columns anew until they keep the rules; leave out --given.")
        again = lambda count, seed: drawn(run, count, seed, label, weights, shares, None, prior, means)
        return keeping(run.codec, again, n or SAMPLES, seed)
    if given is not None and isinstance(sampler, TableCDF) and isinstance(run.codec, TableCodec):
        frame = given_frame(given, run.codec)
        _refuse_two_classes(run.codec.label_column in frame, label, shares)
        asked = classes_asked(space.classes if sampler.classes else (), n or len(frame), seed, label, shares)
        return completed(sampler, run.codec, frame, n, seed, asked, run.shares)
    part = None if given is None else given_rows(given, run.codec, sampler, run.path.name)
    count = n or (SAMPLES if part is None else len(part[0].x))
    names = (space.classes or [str(i) for i in range(sampler.classes)]) if sampler.classes else ()
    _refuse_two_classes(part is not None and part[0].label is not None, label, shares)
    classes = classes_asked(names, count, seed, label, shares, run.shares)
    batch = (
        draw_samples(sampler, count, seed, classes)
        if part is None
        else draw_given(sampler, *part, count, seed, classes)
    )
    return Batch(batch.x.float().cpu(), None if batch.label is None else batch.label.cpu())


def _refuse_two_classes(given: bool, label: Label, shares: Shares) -> None:
    if given and not (label is None and shares is None):
        raise Refused("--given has the class of each row; leave out --label and --shares, or that column.")


def _asked(
    run: "Run", sampler: Sampler, n: int, seed: int, where: str | None, balance: str | None, alone: bool
) -> Batch:
    """Return samples that meet conditions, or of which equally many have each level of a column.

    Raises:
        Refused: for both at once, or beside other wishes.
    """
    if not alone or (where is not None and balance is not None):
        raise Refused("--where and --balance say all that samples are to be; leave out the other, --label, --shares "
                      "and --given.")  # fmt: skip
    if where is not None:
        return draw_where(sampler, run.codec, where, n, seed, run.shares)
    assert balance is not None
    return balanced(sampler, run.codec, balance, n, seed, run.shares)
