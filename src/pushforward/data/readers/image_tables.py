"""The pictures in a Parquet table: one column of encoded images, as the hub stores them, and one of labels."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pushforward.data.raw.groups import groups_by_name, groups_of
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.npy import make_parent
from pushforward.data.raw.options import Options
from pushforward.data.raw.splits import part_numbers
from pushforward.data.readers.albums import Album
from pushforward.data.readers.image_file import Picture
from pushforward.errors import Refused
from pushforward.runs.atomic import replacing
from pushforward.runs.bounded_parsing import json_value
from pushforward.runs.file_errors import readable


def holds_pictures(path: Path) -> bool:
    """Tell whether a column of the table is {bytes, path}."""
    import pyarrow.parquet as pq

    with readable(path, "a Parquet table"):
        return bool(_columns(pq.read_schema(path)))


def read_parquet(path: Path, options: Options | None = None) -> Album:
    """Read the pictures of a table in a file."""
    import pyarrow.parquet as pq

    with readable(path, "a Parquet table"):
        table = pq.read_table(path)
    return from_table(table, path.stem, options or Options(), path.parent)


def from_table(table: Any, name: str, options: Options, home: Path | None = None) -> Album:
    """Return the pictures of a pyarrow table, with its column `label` or the one that `labels` names.

    Args:
        table: with one column of pictures.
        name: of the table.
        options: what was asked for.
        home: the folder in which pictures must lie that the table names by path; None trusts whoever made the table.

    Raises:
        Refused: for several columns of pictures, and for a picture that is missing.
    """
    columns = _columns(table.schema)
    if len(columns) != 1:
        raise Refused(
            f"{name} must have one column of images, got {', '.join(columns) or 'none'}; leave the others out."
        )
    label = options.labels or next((n for n in ("label", "labels") if n in table.column_names), None)
    part = None if options.shares else options.split
    for wanted in (label, part):
        if wanted is not None and wanted not in table.column_names:
            raise Refused(f"{name} has no column {wanted!r}; it has {', '.join(table.column_names)}.")
    labels = None if label is None else table.column(label).to_numpy()
    rows = table.column(columns[0]).to_pylist()
    groups, more = _groups(table, rows, options.groups, name)
    unused = [c for c in table.column_names if c not in (columns[0], label, part, options.groups)]
    return Album(
        name,
        tuple(_picture(row, i, name, home) for i, row in enumerate(rows)),
        suffix=".parquet",
        labels=labels,
        classes=None if labels is None else Labels.of(labels, _names(table.schema, label), name),
        stated_parts=None if part is None else part_numbers(table.column(part).to_numpy(), part),
        notes=(*more, *((f"Columns beside the images that are not used: {', '.join(unused)}.",) if unused else ())),
        groups=groups,
    )


def _groups(
    table: Any, rows: list[dict | None], groups: str | None, name: str
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return the group of each picture, by a column or by what a pattern finds in its name, and sentences."""
    if groups is None:
        return None, ()
    if groups in table.column_names:
        return groups_of(table.column(groups).to_pandas(), groups, name), ()
    places = [str((row or {}).get("path") or "") for row in rows]
    if not any(places):
        raise Refused(f"groups of load is {groups!r} for {name}, which has no column of that name, nor names of its "
                      f"pictures to look in; it has {', '.join(table.column_names)}.")  # fmt: skip
    return groups_by_name(places, groups, name)


def write_parquet(path: Path, shown: np.ndarray, label: list[int] | None, names: tuple[str, ...]) -> None:
    """Write one row an image, PNG inside, described so that the hub's readers decode it by themselves."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: dict[str, list] = {"image": [{"bytes": _png(pixels), "path": None} for pixels in shown]}
    features: dict[str, Any] = {"image": {"_type": "Image"}}
    if label is not None:
        rows["label"], features["label"] = label, {"names": list(names), "_type": "ClassLabel"}
    kinds = [("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])), ("label", pa.int64())]
    schema = pa.schema(kinds[: len(rows)], metadata={"huggingface": json.dumps({"info": {"features": features}})})
    make_parent(path)
    with replacing(path) as file:
        pq.write_table(pa.table(rows, schema=schema), file)


def _columns(schema: Any) -> list[str]:
    import pyarrow as pa

    return [
        f.name
        for f in schema
        if pa.types.is_struct(f.type) and {"bytes"} <= {g.name for g in f.type} <= {"bytes", "path"}
    ]


def _picture(row: dict | None, i: int, name: str, home: Path | None) -> Picture:
    where = f"{name}, row {i}"
    if not row or not (row["bytes"] or row.get("path")):
        raise Refused(f"{where} has no image; drop rows without one.")
    return Picture(where, row["bytes"] or _file(row["path"], where, home))


def _file(path: str, where: str, home: Path | None) -> Path:
    """Return the file that a row names: a file's own word must not lead out of its folder."""
    if home is None:
        return Path(path)
    file = (home / path).resolve()
    if not file.is_relative_to(home.resolve()) or not file.is_file():
        raise Refused(f"{where} names the picture {path!r}, and only files beside the table are read; put it there.")
    return file


def _names(schema: Any, label: str | None) -> tuple[str, ...] | None:
    """Return what the hub's description of the table calls the classes."""
    stored = (schema.metadata or {}).get(b"huggingface")
    try:
        feature: Any = json_value(stored.decode()) if stored else None
    except ValueError:  # another program's, and of no use to us
        return None
    for key in ("info", "features", label):
        feature = feature.get(key) if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or feature.get("_type") != "ClassLabel":
        return None
    names = feature.get("names")
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(out, "PNG")
    return out.getvalue()
