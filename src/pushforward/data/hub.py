"""Data sets of the Hugging Face hub, through its own library: images where a column holds them, else a table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.build_table import from_frame
from pushforward.data.images import load_pictures
from pushforward.data.options import Options
from pushforward.data.picture_tables import from_table
from pushforward.data.splits import NAMES
from pushforward.errors import Refused, nearest

PREFIX = "hf:"


def load_hub(word: str, options: Options, spec: Mapping[str, Any]) -> Data:
    """hf:owner/name, hf:owner/name:configuration, or hf: and a local folder that the hub's library can read.

    Its splits train, validation and test are ours; `split` takes one of them alone and divides that.

    Raises:
        Refused: without the extra `hub`, for a data set that cannot be reached, and for splits of other names.
    """
    name, _, configuration = word.removeprefix(PREFIX).partition(":")
    found = _fetched(name, configuration or None)
    chosen, held = _splits(found, name, options)
    options = options if options.shares else replace(options, split=None)
    return _built(chosen, held, name.rstrip("/").rpartition("/")[2], options, spec)


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


def _splits(found: Any, name: str, options: Options) -> tuple[dict[str, Any], list[int]]:
    """The splits to take, and which part each is."""
    if options.split is not None and options.shares is None:
        if options.split not in found:
            raise Refused(
                f"split of load must be one of hf:{name}, got {options.split!r}; {nearest(options.split, list(found))}"
            )
        return {options.split: found[options.split]}, [0]
    if len(found) == 1:
        return dict(found), [0]
    known = {split: found[split] for split in found if split in NAMES}
    if "train" not in known:
        raise Refused(f"hf:{name} must have a split called train, got {', '.join(found)}; name one by split.")
    return known, [NAMES[split] for split in known]


def _built(chosen: dict[str, Any], held: list[int], name: str, options: Options, spec: Mapping[str, Any]) -> Data:
    import datasets

    whole = datasets.concatenate_datasets(list(chosen.values()))
    marks = np.concatenate([np.full(len(rows), mark) for rows, mark in zip(chosen.values(), held, strict=True)])
    part = None if len(chosen) == 1 else marks
    pictures = [column for column, kind in whole.features.items() if isinstance(kind, datasets.Image)]
    for column in pictures:
        whole = whole.cast_column(column, datasets.Image(decode=False))
    if pictures:
        album = from_table(_table(whole), name, replace(options, split=None))
        return from_source(load_pictures(replace(album, held=part), options), options, spec)
    frame = whole.to_pandas()
    return from_frame(frame, name, options, spec, held=part)


def _table(whole: Any) -> Any:
    """As an Arrow table with the description of its columns."""
    table = whole.with_format("arrow")[:]
    return table.replace_schema_metadata(whole.features.arrow_schema.metadata)
