"""One writer a run folder: who holds it is said, a dead one holds nothing, a folder that is gone ends the writing."""

import errno
import json
import os
import platform
import shutil
import signal
import subprocess
import sys

import pytest

from pushforward.errors import Refused
from pushforward.runs import FORMAT, RunFolder
from pushforward.runs import partial_files as partials
from pushforward.runs.lock import LOCK, Lock

HOLDING = """
import sys
from pathlib import Path
from pushforward.runs.lock import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    folder.write_yaml("call.yaml", {"version": FORMAT, "recipe": "gram"})
    return folder


@pytest.fixture
def holder(run):
    """Another process that has the lock of the run."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(run.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def unsupported(monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(partials.fcntl, "flock", none)


WRITERS = {
    "a new run": lambda path: RunFolder.create(path, overwrite=True),
    "a resumed run": lambda path: RunFolder.open(path).continuing().__enter__(),
}


@pytest.mark.parametrize("begin", WRITERS.values(), ids=WRITERS)
def test_a_second_writer_is_told_who_holds_it(run, holder, begin):
    said = rf"is being written by process {holder.pid} on {platform.node()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"
    with pytest.raises(Refused, match=said):
        begin(run.path)
    assert run.call.is_file()


def test_the_same_process_cannot_write_it_twice(run):
    with Lock(run.path), pytest.raises(Refused, match=f"by process {os.getpid()} "):
        Lock(run.path)


def test_the_lock_of_a_dead_process_is_taken_over(run, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (run.path / LOCK).exists()
    with Lock(run.path):
        assert json.loads((run.path / LOCK).read_bytes())["pid"] == os.getpid()
    assert not (run.path / LOCK).exists()


def test_a_process_that_only_stands_still_keeps_it(run, holder):
    holder.send_signal(signal.SIGSTOP)
    with pytest.raises(Refused, match=f"process {holder.pid} "):
        Lock(run.path)


def test_without_locks_of_the_disk_a_living_process_is_respected_and_a_dead_one_is_not(run, holder, monkeypatch):
    unsupported(monkeypatch)
    with pytest.raises(Refused, match=f"process {holder.pid} "):
        Lock(run.path)
    holder.kill()
    holder.wait()
    Lock(run.path).release()


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 5000, b'{"pid": "\x1b[31m", "host": {"a": []}}', b"\xff"])
def test_whatever_a_stale_lock_says_it_is_taken(run, content, monkeypatch):
    (run.path / LOCK).write_bytes(content)
    Lock(run.path).release()
    (run.path / LOCK).write_bytes(content)
    unsupported(monkeypatch)
    Lock(run.path).release()


@pytest.mark.parametrize("way", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_a_lock_is_never_written_through_a_link(run, tmp_path, way):
    (tmp_path / "victim").write_text("mine")
    way(tmp_path / "victim", run.path / LOCK)
    with pytest.raises(Refused, match="must be a plain file"):
        Lock(run.path)
    assert (tmp_path / "victim").read_text() == "mine"


def test_a_pipe_in_its_place_does_not_make_anybody_wait(run):
    os.mkfifo(run.path / LOCK)
    with pytest.raises(Refused, match="must be a plain file"):
        Lock(run.path)


def test_a_folder_that_is_gone_is_written_no_more(run):
    with run.locked() as locked:
        locked.append_jsonl("log.jsonl", {"turn": 1})
        shutil.rmtree(run.path)
        for write in (
            lambda: locked.append_jsonl("log.jsonl", {"turn": 2}),
            lambda: locked.write_json("verdict.json", {}),
            lambda: locked.checkpoints.save_last(1, {}, {}),
            lambda: locked.inside("samples.npz"),
        ):
            with pytest.raises(Refused, match="run folder .*run was deleted, or replaced"):
                write()
            assert not run.path.exists()


def test_a_folder_that_another_run_took_is_written_no_more(run):
    with run.locked() as locked:
        shutil.rmtree(run.path)
        with RunFolder.creating(run.path) as other:
            with pytest.raises(Refused, match="was deleted, or replaced"):
                locked.write_json("verdict.json", {})
            other.write_json("verdict.json", {"mine": True})
        assert other.read_json("verdict.json") == {"mine": True}


def test_a_folder_without_a_writer_that_knows_of_it_is_not_made_again(run):
    shutil.rmtree(run.path)
    for write in (
        lambda: run.append_jsonl("log.jsonl", {}),
        lambda: run.write_text("a", ""),
        lambda: run.checkpoints.save_best(1, {}, {}),
    ):
        with pytest.raises(Refused, match="its folder is not there"):
            write()
    assert not run.path.exists()
