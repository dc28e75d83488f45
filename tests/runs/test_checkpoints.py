"""Two-phase checkpoints: whole or absent after a kill at any write, and damage is named."""

import json
import os
from collections import Counter
from hashlib import sha256

import pytest
import torch

from pushforward.errors import Refused
from pushforward.runs import Checkpoints


@pytest.fixture
def checkpoints(tmp_path):
    (tmp_path / "run").mkdir()  # which is never made here: it may have been deleted on purpose
    return Checkpoints(tmp_path / "run" / "checkpoint")


def tensors(value):
    return {"sampler": {"w": torch.full((2, 3), float(value))}, "random": {"state": torch.get_rng_state()}}


def names(checkpoints):
    return sorted(entry.name for entry in checkpoints.path.iterdir())


def test_what_is_saved_is_loaded_bit_for_bit(checkpoints):
    strange = torch.tensor([float("nan"), -0.0, float("inf"), 1e-45]).to(torch.float32)
    saved = {"g": {"w": strange, "half": torch.randn(3, 2).bfloat16(), "step": torch.tensor(7)}, "empty": {}}
    checkpoints.save_last(500, saved, {"best": float("inf"), "queue": [1, 2]})
    loaded = checkpoints.load_last()
    assert (loaded.turn, loaded.state) == (500, {"best": float("inf"), "queue": [1, 2]})
    assert loaded.tensors.keys() == saved.keys()
    for name, tensor in saved["g"].items():
        assert loaded.tensors["g"][name].dtype == tensor.dtype
        assert torch.equal(
            tensor.reshape(-1).view(torch.uint8), loaded.tensors["g"][name].reshape(-1).view(torch.uint8)
        )


def test_tensors_that_share_memory_are_saved(checkpoints):
    w = torch.randn(4, 4)
    checkpoints.save_last(1, {"g": {"w": w, "tied": w, "view": w[:, 1]}}, {})
    assert torch.equal(checkpoints.load_last().tensors["g"]["view"], w[:, 1])


def test_only_what_is_pointed_to_stays(checkpoints):
    for turn in (100, 200):
        checkpoints.save_last(turn, tensors(turn), {})
    checkpoints.last_is_best()
    checkpoints.save_last(300, tensors(300), {})
    checkpoints.save_last(400, tensors(400), {})
    assert names(checkpoints) == ["best", "last", "turn-000200", "turn-000400"]
    assert (checkpoints.load_best().turn, checkpoints.load_last().turn) == (200, 400)
    checkpoints.save_best(400, tensors(4), {})
    assert checkpoints.load_best().tensors["sampler"]["w"][0, 0] == 4
    assert checkpoints.load_last().tensors["sampler"]["w"][0, 0] == 400


def test_a_turn_may_be_saved_again(checkpoints):
    for value in (1, 2, 3):
        checkpoints.save_last(500, tensors(value), {})
        assert checkpoints.load_last().tensors["sampler"]["w"][0, 0] == value
    assert len(names(checkpoints)) == 2


def test_whatever_write_is_the_last_one_a_whole_checkpoint_stays(checkpoints, monkeypatch):
    """Stops at the 1st, 2nd, … rename; the state is the old one or the new one, and the next save works."""
    rename = {"replace": os.replace, "rename": os.rename}
    checkpoints.save_last(1, tensors(1), {"turn": 1})
    for stop in range(20):
        left = [stop]

        def counted(source, target, how, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            rename[how](source, target)

        monkeypatch.setattr(os, "replace", lambda s, t: counted(s, t, "replace"))
        monkeypatch.setattr(os, "rename", lambda s, t: counted(s, t, "rename"))
        before = checkpoints.load_last().turn
        try:
            checkpoints.save_last(before + 1, tensors(before + 1), {"turn": before + 1})
            finished = True
        except KeyboardInterrupt:
            finished = False
        loaded = checkpoints.load_last()
        assert loaded.turn == loaded.state["turn"] == loaded.tensors["sampler"]["w"][0, 0]
        assert loaded.turn == before + finished
        if finished:
            break
    assert finished
    assert stop == 6  # two groups, state, manifest, the folder, the pointer


def test_half_written_folders_are_swept(checkpoints):
    checkpoints.save_last(1, tensors(1), {})
    (checkpoints.path / ".turn-000002.partial").mkdir()
    (checkpoints.path / ".turn-000002.partial" / "state.json").write_text("{")
    (checkpoints.path / "turn-000002").mkdir()  # whole, but the pointer never came to name it
    checkpoints.sweep()
    assert names(checkpoints) == ["last", "turn-000001"]


@pytest.mark.parametrize("file", ["sampler.safetensors", "state.json", "manifest.json"])
def test_damage_is_named_with_what_can_be_done(checkpoints, file):
    checkpoints.save_last(1, tensors(1), {})
    checkpoints.last_is_best()
    checkpoints.save_last(2, tensors(2), {})
    path = checkpoints.path / "turn-000002" / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if file != "manifest.json" else content[:-1])
    with pytest.raises(Refused, match=f"(?s){file}.* best checkpoint .turn-000001. is whole: copy"):
        checkpoints.load_last()
    (checkpoints.path / "last").write_bytes((checkpoints.path / "best").read_bytes())  # the remedy of the message
    assert checkpoints.load_last().turn == 1


def test_without_another_checkpoint_the_run_starts_again(checkpoints):
    with pytest.raises(Refused, match="no last checkpoint"):
        checkpoints.load_last()
    checkpoints.save_last(1, tensors(1), {})
    checkpoints.last_is_best()
    (checkpoints.path / "turn-000001" / "random.safetensors").unlink()
    for load in (checkpoints.load_last, checkpoints.load_best):
        with pytest.raises(Refused, match=r"random\.safetensors is missing; .* start the run again"):
            load()


def test_a_full_disk_keeps_the_former_checkpoint(checkpoints, monkeypatch):
    checkpoints.save_last(1, tensors(1), {})

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Refused, match="disk is full"):
            checkpoints.save_last(2, tensors(2), {})
    assert names(checkpoints) == ["last", "turn-000001"]
    assert checkpoints.load_last().turn == 1


def put(path, content):
    """Writes a new file: overwriting an old one may wait for the disk."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def test_a_thousand_damaged_files_end_in_a_checkpoint_or_a_sentence(checkpoints, damaged, monkeypatch):
    """Half of them with a manifest that was made to fit, as a stranger's would be."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    checkpoints.save_best(1, {"g": {"w": torch.ones(2)}}, {})
    checkpoints.save_last(2, tensors(2), {"seconds": 1.0})
    folder, ends, sentences = checkpoints.path / "turn-000002", Counter(), []
    files = [folder / name for name in ("manifest.json", "state.json", "sampler.safetensors")]
    for file in [*files, checkpoints.path / "last"]:
        whole = {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}
        for i, content in enumerate(damaged(whole[file], 300)):
            put(file, content)
            if i % 2 and file in files[1:]:
                manifest = json.loads(whole[files[0]]) | {file.name: sha256(content).hexdigest()}
                put(files[0], json.dumps(manifest).encode())
            for act in (checkpoints.load_last, checkpoints.take_back):
                try:
                    act()
                except Refused as refusal:
                    ends[f"refused by {act.__name__}"] += 1
                    sentences.append(str(refusal))
                ends[act.__name__] += 1
            for path, before in whole.items():
                if not path.is_file() or path.read_bytes() != before:
                    put(path, before)
    assert ends["load_last"] == ends["take_back"] == 1200
    assert ends["refused by load_last"] > 900
    assert not any("\n" in sentence for sentence in sentences)
