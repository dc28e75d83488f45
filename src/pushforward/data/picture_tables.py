"""Pictures in a Parquet table: one column of encoded images, as the hub stores them, and one of labels."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pushforward.data.albums import Album
from pushforward.data.files import make_parent
from pushforward.data.labels import Labels
from pushforward.data.options import Options
from pushforward.data.pictures import Picture
from pushforward.data.splits import marks
from pushforward.errors import Refused
from pushforward.runs.atomic import replacing
from pushforward.runs.reading import readable


def holds_pictures(path: Path) -> bool:
    """Whether a column of the table is {bytes, path}."""
    import pyarrow.parquet as pq

    with readable(path, "a Parquet table"):
        return bool(_columns(pq.read_schema(path)))


def read_parquet(path: Path, options: Options | None = None) -> Album:
    """The pictures of a table in a file."""
    import pyarrow.parquet as pq

    with readable(path, "a Parquet table"):
        table = pq.read_table(path)
    return from_table(table, path.stem, options or Options())


def from_table(table: Any, name: str, options: Options) -> Album:
    """The pictures of a pyarrow table, with its column `label` or the one that `labels` names.

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
    unused = [c for c in table.column_names if c not in (columns[0], label, part)]
    return Album(
        name,
        tuple(_picture(row, i, name) for i, row in enumerate(table.column(columns[0]).to_pylist())),
        suffix=".parquet",
        labels=labels,
        classes=None if labels is None else Labels.of(labels, _names(table.schema, label), name),
        held=None if part is None else marks(table.column(part).to_numpy(), part),
        notes=(f"Columns beside the images that are not used: {', '.join(unused)}.",) if unused else (),
    )


def write_parquet(path: Path, shown: np.ndarray, label: list[int] | None, names: tuple[str, ...]) -> None:
    """One row an image, PNG inside, described so that the hub's readers decode it by themselves."""
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


def _picture(row: dict | None, i: int, name: str) -> Picture:
    where = f"{name}, row {i}"
    if not row or not (row["bytes"] or row.get("path")):
        raise Refused(f"{where} has no image; drop rows without one.")
    return Picture(where, row["bytes"] or Path(row["path"]))


def _names(schema: Any, label: str | None) -> tuple[str, ...] | None:
    """What the hub's description of the table calls the classes."""
    stored = (schema.metadata or {}).get(b"huggingface")
    feature = json.loads(stored)["info"]["features"].get(label, {}) if stored else {}
    return tuple(feature["names"]) if feature.get("_type") == "ClassLabel" else None


def _png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(out, "PNG")
    return out.getvalue()
