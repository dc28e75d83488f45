"""The writing of Python values as JSON and YAML text, and their reading with a sentence where a file is damaged."""

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward.errors import Refused
from pushforward.runs.bounded_parsing import json_value, yaml_value

if TYPE_CHECKING:
    import numpy

MOST_BYTES_JSON = 2**26
"""The largest JSON file that is read, in bytes."""

MOST_BYTES_YAML = 2**20
"""The largest YAML file that is read, in bytes."""


def to_json(value: Any, indent: int | None = None) -> str:
    """Return the value as strict JSON: tuples become lists, NumPy's numbers plain ones, NaN and the infinities null.

    Example:
        >>> to_json({"loss": float("nan"), "shape": (2, 3)})
        '{"loss": null, "shape": [2, 3]}'
    """
    return json.dumps(plain(value), indent=indent, allow_nan=False, ensure_ascii=False)


def to_yaml(value: Any) -> str:
    r"""Return the value as YAML in its own order, by way of `to_json`, so that both say the same.

    Example:
        >>> to_yaml({"steps": 10, "seed": 1})
        'steps: 10\nseed: 1\n'
    """
    import yaml

    return str(yaml.safe_dump(plain(value), sort_keys=False, allow_unicode=True))


def plain(value: Any) -> Any:
    """Return the value in terms of dict, list, str, int, bool, finite float and None.

    Raises:
        TypeError: a value that is none of these, named by its type.
    """
    import numpy as np

    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a run folder holds plain values, got {type(value).__qualname__}; convert it first.")


def read_json(path: Path) -> Any:
    """Read the content of a JSON file.

    Raises:
        Refused: the file is not JSON, or larger, deeper or of more values than any that this program writes.
    """
    return _read(path, "JSON", json_value, MOST_BYTES_JSON)


def read_yaml(path: Path) -> Any:
    """Read the content of a YAML file, plain values only.

    Raises:
        Refused: the file is not YAML, holds more than plain values, or is larger than a call can be.
    """
    return _read(path, "YAML", yaml_value, MOST_BYTES_YAML)


def read_object(path: Path) -> dict[str, Any]:
    """Read the content of a JSON file that must be an object, entries by name.

    Raises:
        Refused: as `read_json`, or it is no object.
    """
    content = read_json(path)
    if not isinstance(content, dict):
        raise Refused(f"{path} must hold entries by name, but it holds {type(content).__name__}; make the run again.")
    return content


def _read(path: Path, what: str, parse: Callable[[str], Any], most: int) -> Any:
    with open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise Refused(f"{path} must be {what} of at most {most >> 20} MiB, and it is larger; make the run again.")
    try:
        return parse(content.decode("utf-8"))
    except ValueError as error:
        reason = str(error)
        raise Refused(
            f"{path} must be {what}, but it is damaged ({reason}); restore it or make the run again."
        ) from error


def read_arrays(path: Path) -> "dict[str, numpy.ndarray]":
    """Read the arrays of an `.npz` file of the run; Python objects are refused, as they could run foreign code.

    Raises:
        Refused: the file is not an archive of arrays.
    """
    from pushforward.runs.arrays import read_npz

    return read_npz(path)
