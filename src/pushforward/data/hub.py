"""The data sets of the Hugging Face hub, through its own library: images where a column holds them, else a table."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.build_table import from_frame
from pushforward.data.raw.options import Options
from pushforward.data.raw.splits import NAMES
from pushforward.data.readers.albums import Album
from pushforward.data.readers.image_stack import load_pictures
from pushforward.data.readers.image_tables import from_table
from pushforward.data.readers.table_objects import rows_of_arrays
from pushforward.data.readers.tables import Table, flat_table
from pushforward.errors import Refused, nearest

PREFIX = "hf:"


def load_hub(word: str, options: Options, spec: Mapping[str, Any]) -> Data:
    """Load hf:owner/name, hf:owner/name:configuration, or hf: and a local folder that the hub's library can read.

    Its splits train, validation and test are ours; `split` takes one of them alone and divides that.

    Raises:
        Refused: without the extra `hub`, for a data set that cannot be reached, and for splits of other names.
    """
    name, _, configuration = word.removeprefix(PREFIX).partition(":")
    splits = _fetched(name, configuration or None)
    chosen, marks = _splits(splits, name, options)
    options = options if options.shares else replace(options, split=None)
    return _built(chosen, marks, name.rstrip("/").rpartition("/")[2], options, spec)


def _fetched(name: str, configuration: str | None) -> Any:
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise Refused(f"data hf:{name} needs the package datasets; install pushforward[hub].") from error
    try:
        return datasets.load_dataset(name, configuration)
    except (OSError, ValueError, datasets.exceptions.DatasetGenerationError) as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise Refused(f"data hf:{name} cannot be had: {reason}.") from error


def _splits(splits: Any, name: str, options: Options) -> tuple[dict[str, Any], list[int]]:
    """Return the splits to take, and which part each is."""
    if options.split is not None and options.shares is None:
        if options.split not in splits:
            raise Refused(
                f"split of load must be one of hf:{name}, got {options.split!r}; {nearest(options.split, list(splits))}"
            )
        return {options.split: splits[options.split]}, [0]
    if len(splits) == 1:
        return dict(splits), [0]
    known = {split: splits[split] for split in splits if split in NAMES}
    if "train" not in known:
        raise Refused(f"hf:{name} must have a split called train, got {', '.join(splits)}; name one by split.")
    return known, [NAMES[split] for split in known]


def _built(
    chosen: dict[str, Any], stated_parts: list[int], name: str, options: Options, spec: Mapping[str, Any]
) -> Data:
    import datasets

    whole = datasets.concatenate_datasets(list(chosen.values()))
    marks = np.concatenate([np.full(len(rows), mark) for rows, mark in zip(chosen.values(), stated_parts, strict=True)])
    return _of_rows(whole, None if len(chosen) == 1 else marks, name, options, spec)


def _of_rows(rows: Any, stated_parts: np.ndarray | None, name: str, options: Options, spec: Mapping[str, Any]) -> Data:
    raw = rows_of_split(rows, name, options)
    if isinstance(raw, Table):
        return from_frame(raw, options, spec, stated_parts)
    options.no_named_split(name)
    if isinstance(raw, Album):
        return from_source(load_pictures(replace(raw, stated_parts=stated_parts), options), options, spec)
    return from_source(replace(raw, stated_parts=stated_parts), options, spec)


def is_hub(obj: Any) -> bool:
    """Tell whether an object is a data set of the hub's library, or several splits of one."""
    datasets = sys.modules.get("datasets")
    return datasets is not None and isinstance(obj, datasets.Dataset | datasets.DatasetDict)


def from_hub(obj: Any, options: Options, spec: Mapping[str, Any]) -> Data:
    """Return the data of such an object; its splits are ours, as in `load_hub`."""
    if not isinstance(obj, dict):
        return _of_rows(obj, None, "dataset", options, spec)
    chosen, marks = _splits(obj, "dataset", options)
    options = options if options.shares else replace(options, split=None)
    return _built(chosen, marks, "dataset", options, spec)


def rows_of_split(rows: Any, name: str, options: Options = Options()) -> Any:
    """Return every row of one split, in any format: pictures, a table, rows of arrays, or what a transform gives.

    Raises:
        Refused: for several splits.
    """
    import datasets

    if isinstance(rows, dict):
        if len(rows) != 1:
            raise Refused(
                f"{name} must be one split, got {', '.join(rows)}; name one, such as [{next(iter(rows), '')!r}]."
            )
        rows = next(iter(rows.values()))
    if rows.format["type"] == "custom":
        return rows[:]
    rows = rows.select_columns(rows.format["columns"])
    pictures = [column for column, kind in rows.features.items() if isinstance(kind, datasets.Image)]
    for column in pictures:
        rows = rows.cast_column(column, datasets.Image(decode=False))
    table = rows.with_format("arrow")[:]
    if pictures:
        return from_table(table.replace_schema_metadata(rows.features.arrow_schema.metadata), name, options)
    return rows_of_arrays(flat_table(Table(name, table.to_pandas())))
