"""Groups: their rows lie in one part, however the data name them, and what cannot be a group is refused by name."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import pushforward as pf
from pushforward.data.raw.splits import TEST, TRAIN, split
from pushforward.errors import Refused

ROWS = 120
RNG = np.random.default_rng(0)
KEY = np.arange(ROWS) // 4
POINTS = np.stack([KEY + RNG.random(ROWS) / 2, RNG.random(ROWS)], 1)
"""The first coordinate says the group: its whole part."""


def keys(part, data):
    return set(np.floor(np.asarray(data.codec.decode(part.all()))[:, 0]).astype(int))


def apart(data):
    parts = [keys(part, data) for part in (data.train, data.validation, data.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == ROWS // 4
    return parts


@pytest.mark.parametrize("seed", range(5))
def test_whole_groups_come_into_a_part_about_as_large_as_asked_for(seed):
    groups = np.random.default_rng(seed).choice(["a", "b", "c", "d"] + [f"g{i}" for i in range(60)], 1000)
    parts = split(1000, seed, shares=(0.2, 0.3), groups=groups)
    assert sorted(np.concatenate(parts).tolist()) == list(range(1000))
    named = [set(groups[part]) for part in parts]
    assert not (named[0] & named[1])
    assert not (named[0] & named[2])
    assert not (named[1] & named[2])
    largest = np.unique(groups, return_counts=True)[1].max()
    assert abs(len(parts[1]) - 200) <= largest / 2
    assert abs(len(parts[2]) - 300) <= largest / 2
    assert all((np.diff(part) < 0).any() for part in parts)  # in random order


def test_parts_of_the_data_that_divide_a_group_are_refused_and_the_rest_is_split_by_groups():
    groups, stated = np.repeat(["a", "b", "c", "d", "e"], 4), np.full(20, TRAIN)
    stated[:4] = TEST
    train, validation, test = split(20, 0, stated, groups=groups)
    assert set(groups[test]) == {"a"}
    assert not set(groups[train]) & set(groups[validation])
    stated[4] = TEST
    with pytest.raises(Refused, match="divide 1 groups, such as 'b'; leave out --groups"):
        split(20, 0, stated, groups=groups)


def test_two_groups_cannot_fill_three_parts():
    with pytest.raises(Refused, match="each part needs some"):
        split(20, 0, groups=np.repeat(["a", "b"], 10))


def test_a_column_of_a_table_says_them_and_is_not_modelled(tmp_path):
    frame = pd.DataFrame(POINTS, columns=["x", "y"]).assign(person=KEY)
    frame.to_csv(tmp_path / "t.csv", index=False)
    for given in (frame, tmp_path / "t.csv"):
        data = pf.data.load(given, groups="person")
        parts = [part.all() for part in (data.train, data.validation, data.test)]
        named = [set(np.floor(data.codec.decode(p)["x"]).astype(int)) for p in parts]
        assert sum(map(len, named)) == len(set.union(*named))
        assert list(data.codec.decode(parts[0]).columns) == ["x", "y"]
        assert any("whole groups into one part" in note and "too sure of themselves" in note for note in data.notes)
    assert pf.data.load(tmp_path / "t.csv", groups="person").spec["groups"] == "person"
    assert len(pf.data.load_like(data, frame).x) == ROWS  # other tables may hold them too


@pytest.mark.parametrize("named", [False, True])
def test_an_array_beside_the_points_says_them(named, tmp_path):
    arrays = {"samples": POINTS, "track": KEY}
    if named:  # in two parts
        arrays = {"train_x": POINTS[:80], "test_x": POINTS[80:], "train_track": KEY[:80], "test_track": KEY[80:]}
    np.savez(tmp_path / "a.npz", **arrays)
    parts = apart(pf.data.load(tmp_path / "a.npz", groups="track"))
    assert parts[2] == set(KEY[80:]) or not named
    np.savez(tmp_path / "b.npz", samples=POINTS, track=KEY[:7])
    with pytest.raises(Refused, match="one a row in each part, got 7 for 120 rows"):
        pf.data.load(tmp_path / "b.npz", groups="track")
    with pytest.raises(Refused, match="holds no array 'truck' for groups; it holds samples, track"):
        pf.data.load(tmp_path / "b.npz", groups="truck")


def pictures():
    """Of 8 × 8 pixels, with the number of the group as grey value."""
    for i in range(ROWS):
        pixels = np.full((8, 8), KEY[i], np.uint8)
        pixels[0, 0] = 255 * (i % 2)
        yield f"{KEY[i]:02d}_{i:03d}.png", Image.fromarray(pixels)


def grey(part):
    return set(((part.all().x[:, 0, 4, 4] + 1) * 127.5).round().int().tolist())


def test_a_pattern_in_names_of_pictures_says_them(tmp_path):
    folder = tmp_path / "12_photos"  # whose own name is no picture's
    folder.mkdir()
    for name, picture in pictures():
        picture.save(folder / name)
    for pattern in (r"^\d+", r"(\d+)_\d+\.png"):
        data = pf.data.load(folder, size=8, groups=pattern)
        parts = [grey(part) for part in (data.train, data.validation, data.test)]
        assert sum(map(len, parts)) == len(set.union(*parts)) == ROWS // 4
    some = pf.data.load(folder, size=8, groups=r"^0\d")
    assert any("80 of 120 names lack '^0\\\\d', and are each a group of their own" in note for note in some.notes)
    with pytest.raises(Refused, match=r"'track' for 12_photos, which is found in no name, such as '00_000.png'"):
        pf.data.load(folder, size=8, groups="track")
    with pytest.raises(Refused, match="no regular expression: missing"):
        pf.data.load(folder, size=8, groups="(")
    with pytest.raises(Refused, match="puts all 120 rows into the one group 'png'"):
        pf.data.load(folder, size=8, groups="png$")


def test_pictures_in_a_table_have_names_or_a_column(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    def table(path):
        rows = []
        for name, picture in pictures():
            picture.save(out := io.BytesIO(), "PNG")
            rows.append({"bytes": out.getvalue(), "path": name if path else None})
        kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        pq.write_table(pa.table({"image": pa.array(rows, kind), "scene": KEY}), tmp_path / "t.parquet")

    table(path=True)
    for groups in ("scene", r"^\d+"):
        data = pf.data.load(tmp_path / "t.parquet", size=8, groups=groups)
        parts = [grey(part) for part in (data.train, data.validation, data.test)]
        assert sum(map(len, parts)) == len(set.union(*parts)) == ROWS // 4
    table(path=False)
    with pytest.raises(Refused, match="no column of that name, nor names of its pictures to look in; it has image"):
        pf.data.load(tmp_path / "t.parquet", size=8, groups="seen")


def test_what_cannot_be_a_group_is_refused():
    frame = pd.DataFrame(POINTS, columns=["x", "y"]).assign(person=KEY, row=[f"r{i}" for i in range(ROWS)], one="a")
    frame["hole"] = frame["person"].where(frame.index > 2)
    refused = {
        "persons": "groups of load names no column of table: 'persons'; .*person",
        "row": "another in each of 120 rows, so that nothing stays together",
        "one": "puts all 120 rows into the one group 'a'",
        "hole": "lacks 3 cells; give each row a group",
    }
    for groups, sentence in refused.items():
        with pytest.raises(Refused, match=sentence):
            pf.data.load(frame, groups=groups)
    with pytest.raises(Refused, match="a column of its own, and 'person' of table is that of labels"):
        pf.data.load(frame, groups="person", labels="person")
    for data in ("ring", "digits", POINTS):
        with pytest.raises(Refused, match="has none of these; leave it out"):
            pf.data.load(data, groups="person")
