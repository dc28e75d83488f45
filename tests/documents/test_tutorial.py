"""The tutorial runs as it stands, from its first line to its last, and prints what it shows."""

import doctest
import re
import shlex
from pathlib import Path

from pushforward.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ pushforward (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
CHECKER = doctest.OutputChecker()


def test_the_tutorial_runs_and_prints_what_it_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert {kind for kind, _ in blocks} == {"console", "python"}
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, str(PAGE), "exec"), names)
            continue
        commands = COMMAND.findall(text)
        assert len(commands) == text.count("$ ") > 0
        for command, shown in commands:
            capsys.readouterr()
            assert main(shlex.split(command)) == 0, capsys.readouterr().err
            printed = capsys.readouterr().out
            assert CHECKER.check_output(shown, printed, doctest.ELLIPSIS), f"$ pushforward {command}\n{printed}"
    assert (tmp_path / "runs" / "mixture" / "report.html").exists()
    assert (tmp_path / "page.html").exists()
