"""Data that are already in memory: arrays, tensors, pairs with labels, DataFrames, laws."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from pushforward.data.arrays import points_of
from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.build_table import from_frame
from pushforward.data.laws import Law
from pushforward.data.options import Options
from pushforward.data.source import Source
from pushforward.data.toys import toy
from pushforward.errors import Refused


def from_object(obj: Any, options: Options, spec: Mapping[str, Any] | None) -> Data:
    """The data set of an object.

    Args:
        obj: array, tensor, (points, labels), DataFrame or Law.
        options: what was asked for.
        spec: of the dotted path that led to the object; None if it cannot be loaded again.
    """
    if isinstance(obj, Law):
        return toy(obj, options, spec or {"object": repr(obj)})
    if isinstance(obj, pd.DataFrame):
        return from_frame(obj, "table", options, spec or {"object": f"DataFrame {obj.shape}"})
    if not isinstance(obj, np.ndarray | Tensor | tuple):
        raise Refused(
            "data must be a name, a path, an array, a tensor, (points, labels), a DataFrame or a Data object, "
            f"got {type(obj).__name__}."
        )
    if isinstance(obj, tuple) and len(obj) != 2:
        raise Refused(f"data as a tuple must be (points, labels), got {len(obj)} entries.")
    x, labels = points_of(obj)
    tensor = isinstance(obj[0] if isinstance(obj, tuple) else obj, Tensor)
    name = "tensor" if tensor else "array"
    options.no_labels(f"an {name}" if name == "array" else f"a {name}")
    options.no_named_split(name)
    return from_source(Source(name, x, labels, tensor=tensor), options, spec or {"object": f"{name} {x.shape}"})
