"""Tables from and to .csv and .parquet, each damage as one sentence."""

from pathlib import Path
from typing import Any

import pandas as pd

from pushforward.data.files import make_parent
from pushforward.errors import Refused
from pushforward.runs.atomic import replacing
from pushforward.runs.reading import DAMAGE, readable

ENDINGS = (".csv", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """A table whose first line names its columns, which commas separate; or a Parquet file.

    Raises:
        Refused: for a file that is empty, damaged, without names, or separated by something else.
    """
    if path.suffix.lower() == ".parquet":
        import pyarrow as pa

        with readable(path, "a Parquet table", (*DAMAGE, pa.ArrowException)):
            return pd.read_parquet(path)
    with readable(path, "a table of comma-separated values", DAMAGE):
        return _headed(pd.read_csv(path), path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Whole or not at all, without the index."""
    make_parent(path)
    with replacing(path) as file:
        if path.suffix == ".csv":
            frame.to_csv(file, index=False)
        else:
            frame.rename(columns=str).to_parquet(file, index=False)


def _headed(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    names = [str(name) for name in frame.columns]
    if all(_number(name) for name in names):
        raise Refused(f"the first line of {path} must name its columns, got numbers: {', '.join(names[:4])}.")
    separators = {";": "semicolons", "\t": "tabs"}
    used = [word for sign, word in separators.items() if len(names) == 1 and sign in names[0]]
    if used:
        raise Refused(f"{path} must separate its columns by commas, got {used[0]}; save it again.")
    return frame


def _number(word: Any) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
