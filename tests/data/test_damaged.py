"""Files that somebody damaged, a thousand of each form: every one is refused in a sentence, or is data."""

import warnings

import numpy as np
import pandas as pd
import pytest

from pushforward.data import load
from pushforward.errors import Refused

COUNT = 1000
RNG = np.random.default_rng(5)
BYTES = RNG.integers(0, 256, (24, 4, 4), dtype=np.uint8)
FRAME = pd.DataFrame({"a": RNG.normal(size=24), "b": RNG.integers(0, 9, 24), "c": ["x", "y", "z"] * 8})

SOUND = {
    "a.npy": lambda path: np.save(path, BYTES),
    "a.npz": lambda path: np.savez(path, x=BYTES, y=np.arange(24) % 2),
    "b.npz": lambda path: np.savez_compressed(path, arr_0=BYTES),
    "a.csv": lambda path: FRAME.to_csv(path, index=False),
    "a.parquet": lambda path: FRAME.to_parquet(path),
}


@pytest.mark.parametrize("name", SOUND)
def test_every_damaged_file_is_data_or_refused(name, damaged, tmp_path):
    SOUND[name](tmp_path / f"sound-{name}")
    path, refused = tmp_path / name, 0
    for content in damaged((tmp_path / f"sound-{name}").read_bytes(), COUNT):
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of readers, on what they repaired
            try:
                load(path)
            except Refused:
                refused += 1
    assert refused > COUNT // 10
