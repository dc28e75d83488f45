"""Notes: their kind decides, and no word of a sentence, whatever a file is called."""

import copy
import pickle

import numpy as np
import pytest

import pushforward as pf
from pushforward.notes import Note, kind, left_out, of_kind, skipped


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda note: pickle.loads(pickle.dumps(note))])
def test_a_note_is_its_sentence_and_keeps_its_kind(again):
    note = again(skipped("links: 3."))
    assert note == "links: 3."
    assert kind(note) == "skipped"
    assert kind("a plain sentence, of what is skipped") == "choice"


def test_notes_are_chosen_by_kind_in_their_order():
    notes = ("a", left_out("b"), skipped("c"), Note("d", "doubt"))
    assert of_kind(notes, "skipped", "left out") == ("b", "c")


def test_samples_in_a_file_called_skipped_are_no_skipped_file(tmp_path):
    draw = np.random.default_rng(0)
    np.save(tmp_path / "colour.npy", draw.integers(0, 256, (30, 8, 8, 3), dtype="uint8"))
    np.save(tmp_path / "skipped.npy", draw.integers(0, 256, (30, 8, 8), dtype="uint8"))
    found = pf.score(tmp_path / "colour.npy", tmp_path / "skipped.npy", metrics="energy", features="pixels")
    assert found.skipped_files == ()
    assert "Gray images of skipped are repeated on three channels." in found.warnings
