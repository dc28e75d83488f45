"""The program, called in this process from an empty folder, and a small finished run."""

import shutil
import sys
from dataclasses import dataclass

import pytest

from pushforward.cli import main


@dataclass(frozen=True)
class Answer:
    """What the shell gets: the exit code and both streams."""

    code: int
    out: str
    err: str


@pytest.fixture
def shell(tmp_path, monkeypatch, capsys):
    """Runs one command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def call(*argv):
        capsys.readouterr()
        code = main([str(a) for a in argv])
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def refused(shell):
    """Runs one command line that must be refused: one sentence on standard error, exit code 2; returns the sentence."""

    def call(*argv):
        answer = shell(*argv)
        assert (answer.code, answer.out) == (2, "")
        *notes, sentence = answer.err.splitlines()
        assert sentence.startswith("pushforward: ")
        assert sentence.endswith((".", "?"))
        assert "Traceback" not in answer.err
        return sentence.removeprefix("pushforward: ")

    return call


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A run of five turns on a small table, judged."""
    folder = tmp_path_factory.mktemp("finished")
    table = folder / "table.csv"
    rows = [f"{i % 7},{(i * i) % 11 / 2}" for i in range(60)]
    table.write_text("\n".join(["count,height", *rows]) + "\n")
    fit = ["fit", "gan", "--data", str(table), "--steps", "5", "--run", str(folder / "run"), "--quiet"]
    assert main(fit) == 0
    return folder / "run"


@pytest.fixture
def run(finished, tmp_path):
    """A copy of the finished run, to be changed at will."""
    return shutil.copytree(finished, tmp_path / "runs" / "gan-table")
