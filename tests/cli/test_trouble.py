"""What may go wrong with files, disks, data and time: one clear sentence, the right exit code, nothing lost."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from pushforward.cli import commands, main
from pushforward.errors import TrainingFailed

FIT = ("fit", "gan", "--steps", 2, "--no-verdict", "--quiet", "--data")


def pictures(folder, count=24):
    folder.mkdir()
    for i in range(count):
        noise = np.random.default_rng(i).integers(0, 255, (8, 8), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{i:02d}.png")
    return folder


def content(path):
    return {p.relative_to(path): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}


def test_an_empty_folder(refused, tmp_path):
    (tmp_path / "photos").mkdir()
    assert "photos" in refused(*FIT, "photos")


def test_a_folder_that_may_not_be_read(refused, tmp_path, monkeypatch):
    photos = pictures(tmp_path / "photos")

    def barred(path, *_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(photos))

    monkeypatch.setattr(os, "scandir", barred)
    monkeypatch.setattr(os, "listdir", barred)
    said = refused(*FIT, photos)
    assert "photos" in said


def test_a_truncated_picture(refused, tmp_path):
    photos = pictures(tmp_path / "photos")
    whole = (photos / "07.png").read_bytes()
    (photos / "07.png").write_bytes(whole[: len(whole) // 2])
    assert "07.png" in refused(*FIT, photos)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite(refused, tmp_path, value):
    x = np.random.default_rng(0).normal(size=(40, 2))
    x[3, 1] = value
    np.save(tmp_path / "x.npy", x)
    assert "finite" in refused(*FIT, "x.npy")


def test_data_in_which_nothing_varies(refused, tmp_path):
    np.save(tmp_path / "x.npy", np.ones((40, 2)))
    assert "must vary from row to row" in refused(*FIT, "x.npy")


def test_too_few_rows(refused, tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(19, 2)))
    assert "20" in refused(*FIT, "x.npy")


def test_fewer_rows_than_a_batch(shell, tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(40, 2)))
    answer = shell("fit", "gan", "--data", "x.npy", "--steps", 2, "--no-verdict")
    assert answer.code == 0
    assert "The batch is 28 rows, since the training part has 28." in answer.err


def test_a_column_that_is_not_numeric(refused, tmp_path):
    rows = [f"{i},{'red' if i % 2 else i}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["n,colour", *rows]))
    assert "column 'colour' holds 'red' in row 1 (20 of 40 cells are no number)" in refused(*FIT, "t.csv")


def test_a_path_that_is_no_run(refused, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").write_text("")
    assert "not a run folder" in refused("fit", "--resume", "notes")
    assert "is a file" in refused("fit", "--resume", "file")


def test_a_corrupted_checkpoint(refused, run):
    for file in run.glob("checkpoint/*/*.safetensors"):
        file.write_bytes(file.read_bytes()[:-20])
    before = content(run)
    said = refused("fit", "--resume", run, "--steps", 9)
    assert "is corrupted" in said
    assert "is corrupted" in refused("sample", run)
    assert {k: v for k, v in content(run).items() if k.name != "call.yaml"} == {
        k: v for k, v in before.items() if k.name != "call.yaml"
    }


def test_a_corrupted_record(refused, run):
    (run / "call.yaml").write_text("recipe: [")
    assert "call.yaml must be YAML, but it is damaged" in refused("fit", "--resume", run)


def test_data_that_changed(refused, run, finished):
    table = finished.parent / "table.csv"
    whole = table.read_text()
    try:
        table.write_text(whole.replace("1,0.5", "2,0.5"))
        assert "the data have changed since the run began" in refused("fit", "--resume", run, "--steps", 9)
    finally:
        table.write_text(whole)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_loses_nothing(refused, run, monkeypatch, code):
    before = content(run)

    def full(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    said = refused("sample", run, "-n", 3, "--out", run / "more.npy")
    assert os.strerror(code).split()[0] in said or "full" in said
    assert content(run) == before


def test_a_loss_that_is_not_finite(shell, tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(200, 2)))
    answer = shell("fit", "mmd-gan", "--data", "x.npy", "--steps", 50, "--tune", "SGD", "--tune.lr", 1e30, "--quiet")
    assert answer.code == 3
    assert len(answer.err.splitlines()) == 1
    assert "Traceback" not in answer.err
    assert "the loss of the generator was " in answer.err
    assert "--tune.lr" in answer.err


def test_exit_codes_of_our_own_failures(shell, monkeypatch):
    def raising(error):
        def command(argv):
            raise error

        return command

    monkeypatch.setitem(commands.COMMANDS, "list", raising(TrainingFailed("the loss\nwas not finite.")))
    assert (shell("list").code, shell("list").err) == (3, "pushforward: the loss was not finite.\n")
    monkeypatch.setitem(commands.COMMANDS, "list", raising(KeyboardInterrupt()))
    assert (shell("list").code, shell("list").err) == (130, "pushforward: interrupted.\n")
    monkeypatch.setitem(commands.COMMANDS, "list", raising(KeyError("a bug")))
    answer = shell("list")
    assert answer.code == 3
    assert answer.err.startswith("Traceback")
    monkeypatch.setitem(commands.COMMANDS, "list", raising(PermissionError(errno.EACCES, "Permission denied", "/x")))
    assert (shell("list").code, shell("list").err) == (2, "pushforward: Permission denied: /x.\n")


def test_a_reader_that_has_had_enough():
    program = [sys.executable, "-m", "pushforward", "list"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


SIGNALS = [pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow), (signal.SIGTERM, 143)]


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_an_interrupted_run_goes_on(shell, tmp_path, number, code):
    argv = ["fit", "gan", "--data", "ring", "--steps", "100000", "--no-verdict", "--log_every", "1", "--run", "here"]
    with subprocess.Popen(
        [sys.executable, "-m", "pushforward", *argv], cwd=tmp_path, stderr=subprocess.PIPE
    ) as process:
        log = tmp_path / "here" / "log.jsonl"
        deadline = time.monotonic() + 60
        while not log.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        said = process.stderr.read().decode().splitlines()
    assert process.returncode == code
    assert said[-1].startswith("pushforward: interrupted at turn ")
    assert said[-1].endswith("continue with: pushforward fit --resume here")
    turn = json.loads(log.read_text().splitlines()[-1])["turn"]
    assert shell("fit", "--resume", "here", "--steps", turn + 1, "--quiet").code == 0


def test_python_dash_m_is_the_program():
    done = subprocess.run([sys.executable, "-m", "pushforward", "fot"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "pushforward: no verb 'fot'; did you mean 'fit'?\n")
    assert main(["--version"]) == 0


@pytest.mark.parametrize(
    ("values", "reason"), [("1e300", "values beyond 1e+150 overflow"), (str(2**60), "float64 has not all integers")]
)
def test_values_that_cannot_be_calculated_with_are_refused_before_training(refused, tmp_path, values, reason):
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{values},{i % 7}.5\n" for i in range(60)))
    said = refused("fit", "gan", "--data", "t.csv", "--steps", 20, "--run", "run")
    assert "column 'a' of t holds" in said
    assert reason in said
    assert not (tmp_path / "run").exists()
    (tmp_path / "u.csv").write_text("a,b\n" + "".join(f"{i},{i % 5}.5\n" for i in range(3, 63)))
    assert reason in refused("score", "u.csv", "t.csv", "--metrics", "energy")
