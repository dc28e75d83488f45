"""Classes as folders: each its own, and each read back as what it was."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pushforward.data import load
from pushforward.data.raw.class_folders import class_name, folder_names
from pushforward.data.raw.splits import NAMES

AWKWARD = ["a/b", "a_b", "a b", "a\\b", "a%2Fb", "a%b", "%", "", " ", ".", "..", ".a", "a.", " a", "Cat", "cat", "CAT",
           "é", "e\u0301", "straße", "STRASSE", "train", "Test", "test", "a\nb", "日本", "-rf", "~", "*"]  # fmt: skip


def test_names_of_parts_that_differ_in_capitals_are_folders_of_classes():
    assert folder_names(["TEST", "test"]) == {"TEST": "%54%45%53%54", "test": "%74est"}


def distinct_on_any_disk(folders):
    return len({unicodedata.normalize("NFD", f).casefold() for f in folders})


@settings(deadline=None)  # of the clock, which other processes share
@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(AWKWARD), max_size=8))
def test_every_class_has_a_folder_of_its_own_that_says_which_it_is(classes):
    folders = folder_names(sorted(classes))
    assert distinct_on_any_disk(folders.values()) == len(classes)
    for name, folder in folders.items():
        assert class_name(folder) == name
        assert folder not in ("", ".", "..")
        assert not folder.startswith((".", " "))
        assert not folder.endswith((".", " "))
        assert not set(folder) & set('/\\:*?"<>|\0\n')
        assert folder.lower() not in NAMES


@pytest.mark.parametrize("name", ["cats", "a_b", "New York", "v1.2", "größe", "日本", "a,b", "c++", "-1"])
def test_plain_names_stay_as_they_are(name):
    assert folder_names([name]) == {name: name}


def test_samples_of_awkward_classes_read_back(tmp_path):
    labels = np.array(AWKWARD * 3)
    pixels = np.random.default_rng(0).integers(0, 256, (len(labels), 8, 8), dtype=np.uint8)
    data = load((pixels, labels))
    written = data.train.all()
    data.codec.write(written, tmp_path / "out")
    found = data.codec.read(tmp_path / "out")
    pairs = [{(x.tobytes(), int(c)) for x, c in zip(b.x.numpy(), b.label, strict=True)} for b in (written, found)]
    assert pairs[0] == pairs[1]
    names = set(written.label.unique().tolist())
    assert set(load(tmp_path / "out").space.classes) == {data.space.classes[i] for i in names}


def test_a_persons_own_folders_are_called_what_they_are_called(tmp_path):
    for folder in ("a%20b", "a b"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        for i in range(15):
            pixels = np.random.default_rng(i).integers(0, 256, (32, 32, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / folder / f"{i}.png")
    data = load(tmp_path / "photos")
    assert data.space.classes == ("a b", "a%20b")
    data.codec.write(data.train.all(), tmp_path / "out")
    assert load(tmp_path / "out").space.classes == ("a b", "a%20b")
