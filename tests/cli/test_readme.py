"""What the README shows is what the program takes."""

import re
import shlex
from pathlib import Path

import pytest

from pushforward.cli import grammar

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line.startswith("pushforward ")]


@pytest.mark.parametrize("line", LINES)
def test_commands_name_options_that_exist(line):
    _, verb, *argv = shlex.split(line, comments=True)
    recipe = grammar.recipe(argv[0]) if verb == "fit" and not argv[0].startswith("-") else None
    assert grammar.normalised(verb, argv, grammar.options(verb, recipe))


def test_both_commands_begin_alike_and_use_the_constraints():
    commands = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if "venv" in line]
    assert len(commands) == 2
    start = "python -m venv .venv && .venv/bin/pip install -c constraints.txt -e "
    assert [command.startswith(start) for command in commands] == [True, True]


def test_the_program_in_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "".join(text for kind, text in BLOCKS if kind == "python")
    assert "steps=2_000)" in code
    names = {}
    exec(code.replace("steps=2_000)", "steps=2, verdict=False, quiet=True)"), names)
    assert len(names["run"].sample(3, seed=1)) == 3
    assert names["y"].grad.abs().sum() > 0
