"""Making, finding and opening run folders; what the disk refuses; logs after a kill."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pushforward.errors import Refused
from pushforward.runs import FORMAT, RunFolder


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path / "runs" / "gram-digits")
    folder.write_yaml("call.yaml", {"version": FORMAT, "recipe": "gram"})
    return folder


def failing(code):
    def fail(*_):
        raise OSError(code, os.strerror(code))

    return fail


def test_fresh_folders_are_numbered_when_the_name_is_taken(tmp_path):
    names = [RunFolder.fresh(tmp_path / "runs", "gram-digits").name for _ in range(3)]
    assert names == ["gram-digits", "gram-digits-2", "gram-digits-3"]


def test_an_existing_run_is_kept_unless_overwriting_is_asked_for(run):
    with pytest.raises(Refused, match="exists already.*--overwrite"):
        RunFolder.create(run.path)
    run.write_text("samples.csv", "a\n1\n")
    (run.path / "samples").mkdir()
    (run.path / "notes.txt").write_text("mine")
    (run.path / "samples-i-like.txt").write_text("mine")
    (run.path / "checkpoint").mkdir()
    RunFolder.create(run.path, overwrite=True)
    assert sorted(entry.name for entry in run.path.iterdir()) == ["notes.txt", "samples-i-like.txt"]


def test_overwriting_never_empties_a_folder_that_is_not_a_run(tmp_path):
    (tmp_path / "holiday.png").write_bytes(b"x")
    with pytest.raises(Refused, match="not a run folder"):
        RunFolder.create(tmp_path, overwrite=True)
    assert (tmp_path / "holiday.png").exists()


def test_a_folder_left_by_a_kill_before_the_first_file_is_taken(tmp_path):
    (tmp_path / ".call.yaml.partial").write_text("ver")
    assert list(RunFolder.create(tmp_path).path.iterdir()) == []


def test_create_on_a_file_is_refused(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(Refused, match="is a file"):
        RunFolder.create(tmp_path / "a")
    with pytest.raises(Refused, match="is a file"):
        RunFolder.create(tmp_path / "a" / "b")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "does not exist.*did you mean '.*gram-digits'"),
        (lambda path: path.write_text(""), "is a file"),
        (lambda path: path.mkdir(), "no call.yaml"),
        (lambda path: (path.mkdir(), (path / "call.yaml").write_text("{")), "damaged"),
        (lambda path: (path.mkdir(), (path / "call.yaml").write_text("recipe: gram")), "state its format version"),
        (lambda path: (path.mkdir(), (path / "call.yaml").write_text("version: 99")), "format 99.*update"),
    ],
    ids=["missing", "file", "no-call", "damaged", "no-version", "newer"],
)
def test_open_says_why_a_path_is_not_a_run(run, make, sentence):
    path = run.path.with_name("gram-digit")
    make(path)
    with pytest.raises(Refused, match=sentence):
        RunFolder.open(path)


def test_open_finds_what_create_made(run):
    assert RunFolder.open(str(run.path)) == run
    assert run.read_yaml("call.yaml") == {"version": FORMAT, "recipe": "gram"}


def test_only_a_run_that_will_be_continued_is_swept(run):
    partial = run.path / ".log.jsonl.partial"
    partial.write_text("{")
    RunFolder.open(run.path)
    assert partial.exists()  # another process may be writing it at this moment
    with RunFolder.open(run.path).continuing():
        assert not partial.exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS])
def test_a_disk_that_does_not_take_a_file_leaves_the_old_one(run, monkeypatch, code):
    run.write_json("verdict.json", {"version": 1})
    monkeypatch.setattr(os, "fsync", failing(code))
    with pytest.raises(Refused, match=r"verdict\.json cannot be written: .*; .*"):
        run.write_json("verdict.json", {"version": 2})
    assert run.read_json("verdict.json") == {"version": 1}
    assert not list(run.path.glob(".*"))


def test_an_error_that_is_no_fault_of_the_disk_passes(run, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing(errno.EBADF))
    with pytest.raises(OSError, match="Bad file") as caught:
        run.write_json("verdict.json", {})
    assert not isinstance(caught.value, Refused)


def test_arrays_come_back_and_objects_are_refused(run):
    arrays = {"x": np.eye(2, dtype=np.float32), "columns": np.array(["age", "größe"])}
    run.write_arrays("panels.npz", arrays)
    for key, array in run.read_arrays("panels.npz").items():
        np.testing.assert_array_equal(array, arrays[key], strict=True)
    with pytest.raises(TypeError, match="Python objects"):
        run.write_arrays("panels.npz", {"x": np.array([None])})
    run.panels.write_bytes(run.panels.read_bytes()[:40])
    with pytest.raises(Refused, match=r"panels\.npz cannot be read as a NumPy archive"):
        run.read_arrays("panels.npz")


def test_json_is_strict_and_numpy_is_plain(run):
    run.write_json("verdict.json", {"a": np.float32(0.5), "b": (1, np.inf), "c": Path("x"), "d": np.arange(2)})
    assert json.loads(run.verdict.read_text(), parse_constant=pytest.fail) == {
        "a": 0.5,
        "b": [1, None],
        "c": "x",
        "d": [0, 1],
    }
    with pytest.raises(TypeError, match="object"):
        run.write_json("verdict.json", {"a": object()})


def test_a_log_loses_only_the_line_that_a_kill_cut(run):
    for turn in range(3):
        run.append_jsonl("log.jsonl", {"turn": turn})
    run.log.write_bytes(run.log.read_bytes()[:-5])
    assert run.read_jsonl("log.jsonl") == [{"turn": 0}, {"turn": 1}]
    run.truncate_jsonl("log.jsonl", keep=lambda record: record["turn"] < 1)
    run.append_jsonl("log.jsonl", {"turn": 7})
    assert run.read_jsonl("log.jsonl") == [{"turn": 0}, {"turn": 7}]
    run.log.write_text('{"turn": 0}\n{"tu\n{"turn": 2}\n')
    with pytest.raises(Refused, match="line 2 of"):
        run.read_jsonl("log.jsonl")


def test_a_missing_log_is_empty(run):
    run.truncate_jsonl("log.jsonl", keep=bool)
    assert run.read_jsonl("log.jsonl") == []
    assert not run.log.exists()


def test_a_disk_that_fills_up_within_a_line_leaves_the_log_as_it_was(run):
    resource = pytest.importorskip("resource", reason="this system has no limits on the size of files")
    run.append_jsonl("log.jsonl", {"turn": 1})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (run.log.stat().st_size + 3, before[1]))  # a write is cut, the next fails
    try:
        with pytest.raises(Refused, match=r"log\.jsonl cannot be written: .* choose another folder"):
            run.append_jsonl("log.jsonl", {"turn": 2})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert run.log.read_text() == '{"turn": 1}\n'


def test_a_kill_before_the_call_was_written_does_not_bar_the_folder(run):
    run.write_json("space.json", {})
    run.call.unlink()
    RunFolder.create(run.path, overwrite=True)
    assert list(run.path.iterdir()) == []


def test_samples_are_found_in_any_form(run):
    assert run.samples is None
    run.write_text("samples.csv", "a\n")
    assert run.samples == run.path / "samples.csv"


def test_importing_this_room_does_not_import_torch():
    code = "import pushforward.runs, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
