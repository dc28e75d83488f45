"""Points in blocks: those of the codec at once, from wherever they come."""

import numpy as np
import pandas as pd
import pytest
import torch

from pushforward.data import load, load_like
from pushforward.data.parts.all_rows import EncodedRows, Joined, all_rows
from pushforward.data.raw import memory as module
from pushforward.data.raw.source import Source
from pushforward.errors import Refused
from pushforward.rows import Held

RNG = np.random.default_rng(2)
ROWS = RNG.normal(size=(60, 4)) * [1, 10, 100, 0] + 5
BYTES = RNG.integers(0, 256, (60, 5, 7, 3), dtype=np.uint8)


def all_of(points, size=None):
    return torch.cat(list(points.blocks(size)))


@pytest.mark.parametrize(
    "x", [ROWS, ROWS[:, 0], BYTES, ROWS.astype("float32")], ids=["rows", "line", "images", "single"]
)
@pytest.mark.parametrize("size", [1, 7, 60, None])
def test_blocks_are_what_the_codec_encodes_at_once(x, size, tmp_path):
    np.save(tmp_path / "a.npy", x)
    data = load(x)
    for rows in (x, np.load(tmp_path / "a.npy", mmap_mode="r")):
        points = EncodedRows(Source("a", rows), data.codec)
        assert len(points) == 60
        assert torch.equal(all_of(points, size), load_like(data, x).x)
        assert torch.equal(all_of(points, size), all_of(points, size))
        assert torch.equal(points.taken(torch.tensor([0, 8, 59])), load_like(data, x[[0, 8, 59]]).x)


def test_black_and_white_are_those_of_all_pictures():
    # One dark picture alone would be taken for one of values from 0 to 1.
    data, floats = load(BYTES), BYTES.astype("float32")
    floats[3] = floats[3] / 255
    found = all_of(EncodedRows(Source("a", floats), data.codec), 1)
    assert torch.equal(found, load_like(data, floats).x)


@pytest.mark.parametrize("size", [1, 11, None])
def test_all_parts_of_data(size, tmp_path, monkeypatch):
    table = load(pd.DataFrame(ROWS, columns=list("abcd")))
    joined = all_rows(table)
    assert isinstance(joined, Joined)
    assert torch.equal(
        all_of(joined, size), torch.cat([p.all().x for p in (table.test, table.validation, table.train)])
    )
    np.save(tmp_path / "a.npy", ROWS)
    monkeypatch.setattr(module, "AT_ONCE", 0)
    data = load(tmp_path / "a.npy")
    assert torch.equal(all_of(all_rows(data), size), data.codec.encode(ROWS).x)  # in the order of the file


def test_held_points():
    x = torch.randn(10, 2, 3)
    assert torch.equal(all_of(Held(x), 3), x)
    assert torch.equal(Held(x).taken(torch.tensor([9])), x[9:])


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (np.where(np.arange(60)[:, None] == 41, np.nan, ROWS), "1 of 60 rows, the first in row 41"),
        (ROWS[:, :3], "4 coordinates as the data have, got 3"),
        (ROWS.astype(object), "must hold real numbers, got an array of object"),
    ],
)
def test_what_is_not_of_the_form_is_refused_before_anything_is_read(x, sentence):
    with pytest.raises(Refused, match=sentence):
        EncodedRows(Source("samples", x), load(ROWS).codec)


def test_an_empty_array_has_no_points():
    points = EncodedRows(Source("samples", ROWS[:0]), load(ROWS).codec)
    assert (len(points), len(all_of(points))) == (0, 0)
