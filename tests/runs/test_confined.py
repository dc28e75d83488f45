"""A run folder from a stranger: nothing in it leads out of it."""

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
import torch

from pushforward.errors import Refused
from pushforward.runs import FORMAT, RunFolder


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    folder.write_yaml("call.yaml", {"version": FORMAT, "recipe": "gram"})
    folder.checkpoints.save_last(1, {"g": {"w": torch.ones(2)}}, {})
    folder.checkpoints.last_is_best()
    return folder


@pytest.fixture
def victim(tmp_path):
    """Somebody's folder, which must be the same afterwards."""
    folder = tmp_path / "victim"
    (folder / ".ssh").mkdir(parents=True)
    for name in (".ssh/id", ".bashrc", "turn-notes", ".x.partial"):
        (folder / name).write_text(name)
    (folder / "turn-000007").mkdir()
    before = content(folder)
    yield folder
    assert content(folder) == before


def content(folder: Path) -> dict:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def test_a_linked_folder_of_checkpoints_is_refused_and_nothing_behind_it_goes(run, victim):
    os.rename(run.path / "checkpoint", run.path / "kept")
    (run.path / "checkpoint").symlink_to("../victim")
    with pytest.raises(Refused, match=r"checkpoint is a link, .*cp -rL"):
        RunFolder.open(run.path)
    for act in (run.checkpoints.sweep, lambda: run.checkpoints.save_last(2, {}, {})):
        with pytest.raises(Refused, match="checkpoint is a link"):
            act()
    RunFolder.create(run.path, overwrite=True)  # the link goes, not what it leads to
    assert os.listdir(run.path) == ["kept"]


@pytest.mark.parametrize("name", ["call.yaml", "log.jsonl", "space.json", "checkpoint/last", "checkpoint/turn-000001"])
@pytest.mark.parametrize("target", ["victim/.bashrc", "victim", "run/call.yaml", "nowhere"])
def test_a_link_in_the_place_of_a_file_is_refused(run, victim, name, target):
    path = run.path / name
    if path.exists():
        path.rename(run.path.parent / "moved")
    path.symlink_to(run.path.parent / target)
    with pytest.raises(Refused, match=f"{path.name} is a link"):
        RunFolder.open(run.path)


def test_a_log_is_not_written_through_a_link_that_came_later(run, victim):
    run.log.symlink_to(victim / ".bashrc")
    with pytest.raises(Refused, match=r"log\.jsonl"):
        run.append_jsonl("log.jsonl", {"turn": 1})


def test_a_pipe_does_not_make_anybody_wait(run):
    os.mkfifo(run.space)
    with pytest.raises(Refused, match="must be a file or a folder"):
        RunFolder.open(run.path)


@pytest.mark.parametrize("name", ["../victim/turn-000007", "..", ".", "", "/etc", "turn-1/../../x", "turn-١", "last"])
@pytest.mark.parametrize("pointer", ["last", "best"])
def test_pointers_are_names_of_checkpoints(run, victim, pointer, name):
    (run.path / "checkpoint" / pointer).write_text(name + "\n")
    load = run.checkpoints.load_last if pointer == "last" else run.checkpoints.load_best
    for act in (load, run.checkpoints.sweep, lambda: run.checkpoints.save_best(2, {}, {})):
        with pytest.raises(Refused, match=f"{pointer} must name a checkpoint beside it"):
            act()


@pytest.mark.parametrize("name", ["../../../victim/.bashrc", "/etc/passwd", "..", ""])
@pytest.mark.parametrize("where", ["manifest", "groups"])
def test_files_of_a_checkpoint_are_plain_names(run, victim, where, name):
    folder = run.path / "checkpoint" / "turn-000001"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if where == "manifest":
        manifest[name] = "0"
    else:
        state = json.loads((folder / "state.json").read_bytes()) | {"groups": [f"../{name}"]}
        (folder / "state.json").write_text(json.dumps(state))
        manifest["state.json"] = sha256((folder / "state.json").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refused, match="corrupted|not of the form"):
        run.checkpoints.load_last()


@pytest.mark.parametrize(
    "state",
    [[], {}, {"turn": "x", "state": {}, "groups": []}, {"turn": 1, "state": [], "groups": []}, {"turn": 1, "groups": 3},
     {"turn": 1, "state": {}, "groups": [["g"]]}, {"turn": 1, "state": {}, "groups": ["absent"]}],
)  # fmt: skip
def test_a_state_of_another_form_is_one_sentence(run, state):
    folder = run.path / "checkpoint" / "turn-000001"
    (folder / "state.json").write_text(json.dumps(state))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["state.json"] = sha256((folder / "state.json").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refused, match=r"turn-000001 is not of the form .* start the run again\."):
        run.checkpoints.load_last()
    run.checkpoints.sweep()


@pytest.mark.parametrize("name", ["../x", "a/b", "/x", "..", "", "a\0b", "x" * 300])
def test_a_name_from_a_file_stays_in_the_folder(run, name):
    with pytest.raises(Refused, match="must have a plain name"):
        run.inside(name)


def test_only_what_a_run_made_is_swept(run):
    own = run.path / "checkpoint"
    for name in (".bashrc", "turn-notes", "notes", ".config.partial"):
        (own / name).write_text("mine")
    (own / "turn-000009").mkdir()
    run.checkpoints.sweep()
    left = {entry.name for entry in own.iterdir()}
    assert left == {".bashrc", "turn-notes", "notes", ".config.partial", "last", "best", "turn-000001"}
