"""The data's units by operations of tensors alone, against the codec's own decoding."""

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data.codecs.dtypes import in_dtype, to_dtype
from pushforward.spaces import Batch

RNG = np.random.default_rng(0)
PICTURES = {
    "colour bytes": RNG.integers(0, 256, (30, 5, 4, 3), dtype=np.uint8),
    "channels first": RNG.integers(0, 256, (30, 3, 5, 4), dtype=np.uint8),
    "gray": RNG.integers(0, 256, (30, 5, 4), dtype=np.uint8),
    "two bytes": RNG.integers(0, 65536, (30, 5, 4), dtype=np.uint16),
    "floats": RNG.random((30, 5, 4)),
    "black or white": RNG.random((30, 5, 4)) > 0.5,
}
ROWS = {
    "near 1": RNG.normal(size=(30, 3)).astype(np.float32),
    "far from 1, one constant": np.stack([1.7e9 + 1e3 * RNG.normal(size=30), np.full(30, 7.0), RNG.normal(size=30)], 1),
    "whole": RNG.integers(0, 1000, (30, 2)),
    "flat": RNG.normal(5, 20, 30),
}


def far(space, n=200):
    """Points around and beyond the data."""
    x = 3 * torch.randn(n, *space.shape, generator=torch.Generator().manual_seed(1))
    return x


@pytest.mark.parametrize("given", [*PICTURES.values(), *ROWS.values()], ids=[*PICTURES, *ROWS])
def test_arrays(given):
    codec = pf.data.load(given).codec
    x = far(codec.space)
    units, decoded = codec.units(x).numpy(), codec.decode(Batch(x))
    assert units.dtype == decoded.dtype == given.dtype
    assert units.shape == decoded.shape == (200, *given.shape[1:])
    assert np.array_equal(units, decoded)
    assert codec.legend() == {}


def test_tables():
    """Numbers as the frame has them, in its order; a level is its place among the legend's."""
    frame = pd.DataFrame(
        {
            "price": np.round(RNG.normal(100, 30, 60), 2),
            "metal": RNG.choice(["tin", "gold", "lead"], 60),
            "rooms": RNG.integers(1, 9, 60),
            "always": np.full(60, 3),
            "old": RNG.random(60) > 0.5,
            "kind": RNG.choice(["a", "b"], 60),
            "size": pd.Categorical(RNG.choice(["s", "m"], 60), ["s", "m", "l"], ordered=True),
        }
    )
    codec = pf.data.load(frame, labels="kind").codec
    x = far(codec.space)
    units, legend = codec.units(x).numpy(), codec.legend()
    decoded = codec.decode(Batch(x))
    assert legend["columns"] == ["price", "metal", "rooms", "always", "old", "size"] == list(decoded)
    assert legend["levels"] == {"metal": ["gold", "lead", "tin"], "size": ["s", "m"]}
    for place, name in enumerate(legend["columns"]):
        found = units[:, place]
        if name in legend["levels"]:
            assert [legend["levels"][name][int(i)] for i in found] == decoded[name].astype(str).tolist()
        else:
            np.testing.assert_allclose(found, decoded[name].to_numpy(dtype=np.float64), rtol=1e-14)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16", "float32", "float64"])
def test_types(dtype):
    values = np.array([-1e30, -1.5, -0.5, 0.49, 0.5, 2.5, 254.6, 1e30])
    assert np.array_equal(in_dtype(torch.from_numpy(values), dtype).numpy(), to_dtype(values, dtype))
