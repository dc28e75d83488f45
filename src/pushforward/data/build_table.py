"""From a DataFrame to a data set: labels and split taken out by name, the rest standardised."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import torch

from pushforward.data import checks
from pushforward.data.base import Data
from pushforward.data.build import parting
from pushforward.data.columns import decimals, numeric
from pushforward.data.hashing import content_hash
from pushforward.data.labels import Labels
from pushforward.data.options import Options
from pushforward.data.parts import TensorPart
from pushforward.data.splits import marks, split
from pushforward.data.standard import Standard
from pushforward.data.tables import TableCodec
from pushforward.errors import Refused, nearest


def from_frame(
    frame: pd.DataFrame,
    name: str,
    options: Options,
    spec: Mapping[str, Any],
    suffix: str = ".csv",
    held: np.ndarray | None = None,
) -> Data:
    """Columns of a table as a data set.

    Args:
        frame: columns of numbers, and perhaps those that `labels` and `split` name.
        name: of the table.
        options: what was asked for.
        spec: loads it again.
        suffix: native ending.
        held: 0, 1 or 2 where rows say themselves whether they are train, validation or test.

    Raises:
        Refused: naming the column that cannot be modelled, or saying which option names none.
    """
    options.no_pictures(name)
    as_given = lambda given=frame, mark=held: from_frame(given, name, replace(options, native=True), spec, suffix, mark)
    frame, held = _without_split(_named(frame, name).reset_index(drop=True), name, options, held)
    checks.enough(len(frame), name, options.native)
    labels = None if options.labels is None else _column(frame, options.labels, "labels", name).to_numpy()
    label_column = None if labels is None else _find(frame, options.labels)
    numbers = frame if label_column is None else frame.drop(columns=[label_column])
    values = numeric(numbers, name)
    if not values.shape[1]:
        raise Refused(f"{name} must have a column of numbers besides labels and split, got none.")
    checks.varies(values, name)
    index = split(len(frame), options.seed, held, options.shares)
    codec = TableCodec(
        tuple(_plain(column) for column in frame.columns),
        tuple(str(dtype) for dtype in frame.dtypes),
        Standard.none(values.shape[1]) if options.native else Standard.of(values, index[0]),
        tuple(decimals(column) for column in values.T),
        None if label_column is None else _plain(label_column),
        None if labels is None else Labels.of(labels, whose=name),
        suffix,
        options.native,
    )
    batch = codec.encode(frame)
    train, validation, test = (_part(batch, i) for i in index)
    notes = () if options.native else (*_notes(codec), parting(held is not None, index))
    content, parted = _hash(frame, held), content_hash(*index)
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
        split_hash=parted,
        native=None if options.native else as_given,
    )


def _named(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    words = [str(column) for column in frame.columns]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise Refused(f"columns of {name} must have different names, got {twice[0]!r} more than once; rename one.")
    return frame


def _without_split(
    frame: pd.DataFrame, name: str, options: Options, held: np.ndarray | None
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """The other columns, and which part each row belongs to."""
    if options.split is None or options.shares is not None:
        return frame, held
    words = _column(frame, options.split, "split", name).to_numpy()
    return frame.drop(columns=[_find(frame, options.split)]), marks(words, f"{options.split!r} of {name}")


def _column(frame: pd.DataFrame, wanted: str, option: str, name: str) -> pd.Series:
    found = _find(frame, wanted)
    if found is None:
        raise Refused(
            f"{option} of load names no column of {name}: {wanted!r}; {nearest(wanted, list(map(str, frame)))}"
        )
    return frame[found]


def _find(frame: pd.DataFrame, wanted: str | None) -> Any:
    return next((column for column in frame.columns if str(column) == wanted), None)


def _plain(column: Any) -> str | int:
    """Names of columns as JSON has them."""
    return int(column) if isinstance(column, int | np.integer) else str(column)


def _part(batch: Any, index: np.ndarray) -> TensorPart:
    rows = torch.from_numpy(index)
    return TensorPart(batch.x[rows], None if batch.label is None else batch.label[rows])


def _notes(codec: TableCodec) -> list[str]:
    notes = ["Columns are standardised by mean and standard deviation of the training part, and back."]
    constant = [str(name) for name in codec.numbers if name not in codec.modelled]
    if constant:
        notes.append(f"Constant in the training part, so carried and not modelled: {', '.join(constant)}.")
    return notes


def _hash(frame: pd.DataFrame, held: np.ndarray | None) -> str:
    columns = [frame[column].to_numpy() for column in frame.columns]
    plain = [c.astype(str) if c.dtype.kind == "O" else c for c in columns]
    return content_hash(np.array([str(column) for column in frame.columns]), *plain, held)
