"""The making of a data set from a table: labels, split and row numbers taken out, numbers and levels encoded."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.base import Data
from pushforward.data.build import split_note
from pushforward.data.codecs.after import WORD, gaps_since
from pushforward.data.codecs.columns import decimals, numeric, type_of
from pushforward.data.codecs.gaps import Gap, filled, gaps_of, plain
from pushforward.data.codecs.kinds import Kinds
from pushforward.data.codecs.levels import Levels
from pushforward.data.codecs.rules import bounds_of, rules_of
from pushforward.data.codecs.standardising import Standard
from pushforward.data.codecs.summary import summaries
from pushforward.data.codecs.table import TableCodec
from pushforward.data.parts.packed import packed
from pushforward.data.raw import checks
from pushforward.data.raw.groups import groups_of
from pushforward.data.raw.hashing import content_hash
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.options import Options
from pushforward.data.raw.splits import part_numbers, split
from pushforward.data.readers.tables import Table
from pushforward.errors import Refused, nearest
from pushforward.notes import left_out

SHOWN = 6
"""Rules that are named, at most."""


def from_frame(table: Table, options: Options, spec: Mapping[str, Any], stated_parts: np.ndarray | None = None) -> Data:
    """Make a data set of a table's columns; those that count rows are left out.

    Args:
        table: columns of numbers and of levels, and perhaps those that `labels` and `split` name.
        options: what was asked for.
        spec: loads it again.
        stated_parts: 0, 1 or 2 where rows say themselves whether they are train, validation or test.

    Raises:
        Refused: naming the column that cannot be modelled, or saying which option names none.
    """
    name, options = table.name, replace(options, labels=_labels(table, options))
    options.no_pictures(name)
    as_given = lambda mark=stated_parts: from_frame(table, replace(options, native=True), spec, mark)
    frame, stated_parts = _without_split(_named(table.frame, name), name, options, stated_parts)
    frame, groups = _without_groups(frame, name, options)
    checks.refuse_too_few(len(frame), name, options.native)
    labels = None if options.labels is None else _column(frame, options.labels, "labels", name).to_numpy()
    label_column = None if labels is None else _find(frame, options.labels)
    kinds = Kinds.of(frame, options.columns or {}, label_column, name)
    frame, coded = kinds.frame, kinds.coded
    features = frame if label_column is None else frame.drop(columns=[label_column])
    features = features.assign(**{str(c.column): c.numbers(features[c.column]) for c in coded})
    after = () if options.native else kinds.after
    features = gaps_since(after, features)
    if not features.shape[1]:
        raise Refused(f"{name} must have a column of numbers or levels besides labels and split, got none.")
    index = split(len(frame), options.seed, stated_parts, options.shares, groups)
    ordered = frame.drop(columns=[c for c in frame if c in kinds.levels or c == label_column])
    values, levels, gaps = _values(features, kinds.levels, name, index[0])
    codec = TableCodec(
        tuple(plain(column) for column in frame.columns),
        tuple("float64" if c in {d.column for d in coded} else type_of(frame[c]) for c in frame),
        Standard.none(values.shape[1]) if options.native else Standard.of(values, index[0]),
        tuple(decimals(column) for column in values.T),
        None if label_column is None else plain(label_column),
        None if labels is None else Labels.of(labels, whose=name),
        table.suffix,
        options.native,
        kinds.counts,
        levels,
        gaps,
        kinds.dates,
        kinds.identifiers,
        table.library,
        table.form,
        () if options.native else rules_of(ordered, coded),
        () if options.native else bounds_of(ordered, coded),
        tuple(str(c) for c in table.frame if str(c) in (options.split, options.groups, *kinds.dropped)),
        kinds.typed,
        after,
    )
    if not codec.blocks and not options.native:
        raise Refused(f"{name} has no column to model: each is the same in all rows, or a text of which no level is in "
                      "20 rows; give it columns that vary, or another --sep.")  # fmt: skip
    train, validation, test = packed(codec, frame, index)
    notes = (*table.notes, *kinds.notes(name))
    if options.native and label_column is not None:
        notes += (
            left_out(f"column {label_column!r} of {name} holds the classes and is left out: numbers are compared."),
        )
    if held := [*codec.rules, *codec.bounds]:
        shown = ", ".join(map(str, held[:SHOWN])) + (", …" if len(held) > SHOWN else "")
        notes += (f"In all rows {shown}: sample --rules keeps that.", *_hint(codec))
    notes += () if options.native else (split_note(stated_parts is not None, index, groups),)
    content, split_hash = _hash(frame, stated_parts), content_hash(*index)
    return Data(
        name,
        codec.space,
        codec,
        train,
        validation,
        test,
        content,
        spec,
        notes,
        split_hash=split_hash,
        order=np.concatenate(index[::-1]),
        native=None if options.native else as_given,
        columns=() if options.native else summaries(codec, frame, values, kinds.dropped),
    )


def _hint(codec: TableCodec) -> Iterator[str]:
    """Yield how an order of dates can be had of all samples, if there is one."""
    dates, known = {d.column for d in codec.dates}, {a.column for a in codec.after}
    for rule in (r for r in codec.rules if r.low in dates and r.high not in known):
        yield f"No sample breaks {rule} with {rule.high}: {WORD}{rule.low} in --columns, which models the time between."
        return


def _values(
    features: pd.DataFrame, texts: Collection[Any], name: str, train: np.ndarray
) -> tuple[np.ndarray, tuple[Levels, ...], tuple[Gap, ...]]:
    """Return the columns of numbers, filled where a cell is missing, the levels of the others, and what was missing.

    Raises:
        Refused: naming a column that holds neither; and if no row differs from the others.
    """
    numbers = features.drop(columns=list(texts))
    values = numeric(numbers, name, numbers.columns)
    levels = tuple(Levels.of(features[column], f"of {name}") for column in texts)
    gaps = gaps_of(numbers, values, train)
    full = filled(values, [plain(column) for column in numbers], gaps)
    columns = chain(full.T, np.isnan(values).T, (pd.factorize(features[column])[0] for column in texts))
    varying = next((column for column in columns if (column != column[0]).any()), np.zeros(len(features)))
    checks.refuse_constant(varying, name)
    return full, levels, gaps


def _labels(table: Table, options: Options) -> str | None:
    """Return the column of classes: the one that is asked for, the table's own, or the one that other data have."""
    if options.labels is not None or table.labels is not None:
        return options.labels or table.labels
    return options.likely_labels if _find(table.frame, options.likely_labels) is not None else None


def _named(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    words = [str(column) for column in frame.columns]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise Refused(f"columns of {name} must have different names, got {twice[0]!r} more than once; rename one.")
    return frame


def _without_split(
    frame: pd.DataFrame, name: str, options: Options, stated_parts: np.ndarray | None
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Return the other columns, and which part each row belongs to."""
    if options.split is None or options.shares is not None:
        return frame, stated_parts
    words = _column(frame, options.split, "split", name).to_numpy()
    return frame.drop(columns=[_find(frame, options.split)]), part_numbers(words, f"{options.split!r} of {name}")


def _without_groups(frame: pd.DataFrame, name: str, options: Options) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Return the other columns, and the group of each row."""
    if options.groups is None:
        return frame, None
    if options.groups in (options.labels, options.split):
        other = "labels" if options.groups == options.labels else "split"
        raise Refused(f"groups of load must be a column of its own, and {options.groups!r} of {name} is that of "
                      f"{other}; copy it under another name.")  # fmt: skip
    groups = groups_of(_column(frame, options.groups, "groups", name), options.groups, name)
    return frame.drop(columns=[_find(frame, options.groups)]), groups


def _column(frame: pd.DataFrame, wanted: str, option: str, name: str) -> pd.Series:
    name_in_frame = _find(frame, wanted)
    if name_in_frame is None:
        raise Refused(
            f"{option} of load names no column of {name}: {wanted!r}; {nearest(wanted, list(map(str, frame)))}"
        )
    return frame[name_in_frame]


def _find(frame: pd.DataFrame, wanted: str | None) -> Any:
    return next((column for column in frame.columns if str(column) == wanted), None)


def _hash(frame: pd.DataFrame, stated_parts: np.ndarray | None) -> str:
    columns = [frame[column].to_numpy() for column in frame.columns]
    plain = (c.astype(str) if c.dtype.kind == "O" else c for c in columns)  # one at a time
    return content_hash(np.array([str(column) for column in frame.columns]), *plain, stated_parts)
