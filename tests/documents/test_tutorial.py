"""The tutorials run as they stand, from the first line to the last, and print what they show."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from pushforward.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
LEFT = {"tutorial": ["runs/mixture/report.html", "page.html"], "tables": ["runs/orders/report.html", "trees.csv"]}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ pushforward (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
CHECKER = doctest.OutputChecker()


@pytest.mark.parametrize("page", LEFT)
def test_a_tutorial_runs_and_prints_what_it_shows(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = DOCS / f"{page}.md"
    names = {}
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    assert {kind for kind, _ in blocks} == {"console", "python"}
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, str(path), "exec"), names)
            continue
        commands = COMMAND.findall(text)
        assert len(commands) == text.count("$ ") > 0
        for command, shown in commands:
            capsys.readouterr()
            assert main(shlex.split(command)) == 0, capsys.readouterr().err
            printed = capsys.readouterr().out
            assert CHECKER.check_output(shown, printed, doctest.ELLIPSIS), f"$ pushforward {command}\n{printed}"
    for left in LEFT[page]:
        assert (tmp_path / left).exists()
