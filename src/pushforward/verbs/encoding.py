"""The verbs `encode` and `reconstruct`: codes of data, and data rebuilt from their codes, in a file."""

from pathlib import Path

import numpy as np
import pandas as pd

from pushforward.data import TableCodec, load_like
from pushforward.data import load as load_data
from pushforward.data.load import NAMES
from pushforward.data.raw.npy import write_npy, write_npz
from pushforward.data.readers.csv_forms import table_ending
from pushforward.data.readers.tables import read_table
from pushforward.progress import step
from pushforward.runs.atomic import replacing
from pushforward.spaces import Batch
from pushforward.verbs.argument_checks import check_encode, check_reconstruct
from pushforward.verbs.drawing import Weights
from pushforward.verbs.inputs import first_rows, naming_refusals
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run
from pushforward.verbs.run_creation import say
from pushforward.verbs.trust import Trust

TABLES = (".csv", ".parquet")
"""The endings of files of codes that have columns."""


@step("encoding")
def encode(
    run: str | Path,
    data: str | Path | None = None,
    *,
    out: str | Path | None = None,
    weights: Weights = "best",
    trust: Trust = (),
) -> Path:
    """Write the codes of data, one row a point, by the encoder of a run.

    Args:
        run: folder of the run.
        data: a path, or a name, of data like those of the run; the test part of its own if absent.
        out: a file: .npy, .npz with an array `codes` (and `labels`, where data have them), .csv or .parquet with
            columns code_1, code_2, … behind those of a table that only name rows, or that the run does not model;
            RUN/codes.npy if absent.
        weights: the averaged weights of the best state, of the last one, or the last ones not averaged.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if the run cannot be opened or has no encoder, or the data are not like its own.
    """
    check_encode(run, out=out)
    opened = load(run, trust=trust)
    coder, path = opened.coder(weights), Path(out or opened.folder.inside("codes.npy"))
    batch = rows_as_of(opened, data)
    labels = None if batch.label is None else opened.codec.classes_of(batch)
    beside = names_of_rows(opened, data) if path.suffix in TABLES else None
    _write(coder.codes(batch).numpy(), labels, path, beside)
    return path


@step("reconstructing")
def reconstruct(
    run: str | Path,
    data: str | Path | None = None,
    *,
    out: str | Path | None = None,
    weights: Weights = "best",
    trust: Trust = (),
) -> Path:
    """Write what the codes of data decode to, row by row, in the form that the ending says.

    Args:
        run: folder of the run.
        data: a path, or a name, of data like those of the run; the test part of its own if absent.
        out: a file or folder, as of `sample`; RUN/rebuilt with the data's own ending if absent.
        weights: the averaged weights of the best state, of the last one, or the last ones not averaged.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if the run cannot be opened or has no encoder, or the data are not like its own.
    """
    check_reconstruct(run, out=out)
    opened = load(run, trust=trust)
    coder = opened.coder(weights)
    path = Path(out or opened.folder.inside(f"rebuilt{opened.codec.suffix}"))
    opened.codec.write(coder.rebuilt(rows_as_of(opened, data)), path)
    return path


def rows_as_of(run: Run, data: str | Path | None) -> Batch:
    """Return every row of the data, encoded as those of the run are.

    Args:
        run: that was fitted to data like them.
        data: a path or a name; the test part of the run's own if absent.
    """
    if data is None:
        return run.data.test.all()
    with naming_refusals(str(data)):
        if str(data) not in NAMES:
            notes: list[str] = []
            found = load_like(run.codec, data, notes)
            for note in notes:
                say(False, note)
            return found
        named = load_data(str(data))
        rows = first_rows(named, len(named.test) + len(named.validation) + len(named.train))
        given = named.codec.decode(rows)
        say(False, f"Rows of {data} are those of its test, validation and training part, in this order.")
        known = rows.label is not None and run.codec.labels is not None
        return run.codec.encode((given, named.codec.classes_of(rows)) if known else given)


def names_of_rows(run: Run, data: str | Path | None) -> pd.DataFrame | None:
    """Return the columns of a table that the run does not model, such as identifiers, one row a point.

    Args:
        run: that was fitted to data like them.
        data: a path or a name; the test part of the run's own if absent.

    Returns:
        None for data that are no table in a file, or one whose columns go by other names.
    """
    codec, path = run.codec, Path(str(run.data.spec.get("spec", "")) if data is None else data)
    if not isinstance(codec, TableCodec) or not path.is_file() or not table_ending(path):
        return None
    frame = read_table(path, codec.form).frame
    if not set(codec.modelled) <= set(frame.columns):
        return None
    beside = frame[[column for column in frame.columns if column not in codec.names]]
    order = run.data.order
    if data is None:
        return None if order is None else beside.iloc[order[: len(run.data.test)]].reset_index(drop=True)
    return beside


def _write(codes: np.ndarray, labels: np.ndarray | None, path: Path, beside: pd.DataFrame | None) -> None:
    if path.suffix == ".npy":
        return write_npy(path, codes)
    if path.suffix == ".npz":
        return write_npz(path, {"codes": codes} | ({} if labels is None else {"labels": np.asarray(labels)}))
    table = pd.DataFrame(codes, columns=[f"code_{i + 1}" for i in range(codes.shape[1])])
    if labels is not None:
        table["label"] = labels
    if beside is not None:
        table = pd.concat([beside.drop(columns=[c for c in beside if c in table]), table], axis=1)
    with replacing(path) as file:
        (table.to_csv if path.suffix == ".csv" else table.to_parquet)(file, index=False)
