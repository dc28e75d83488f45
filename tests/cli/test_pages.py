"""Help and lists: at once, complete, and without torch."""

import json
import subprocess
import sys

import pytest

from pushforward import index
from pushforward.cli import grammar

VERBS = list(grammar.USAGES)


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["list"], *([verb, "--help"] for verb in VERBS)])
def test_no_torch_is_imported(argv):
    code = f"import sys; from pushforward.cli import main; assert main({argv}) == 0; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_neither_is_it_for_the_page_of_a_recipe_or_a_slip():
    code = """
import sys
from pushforward.cli import main
assert main(["fit", "gram", "--help"]) == 0
assert main(["fit", "gram", "--stepz", "3"]) == 2
assert main(["fitt"]) == 2
assert "torch" not in sys.modules"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_front_page_names_every_verb_and_recipe(shell):
    page = shell("--help").out
    assert shell().out == page
    assert [v for v in VERBS if f"\n  {v} " not in page] == []
    assert [e.label for e in index.entries("recipes") if f"\n  {e.label} " not in page] == []


@pytest.mark.parametrize("verb", ["fit", "sample", "encode", "reconstruct", "likelihood", "export", "score", "report"])
def test_the_page_of_a_verb_names_every_option(shell, verb):
    page = shell(verb, "--help").out
    shown = page.replace("--[no-]", "--")
    assert [o.name for o in grammar.options(verb) if f"--{o.name}" not in shown] == []


def test_the_page_of_a_recipe_has_its_numbers_and_its_source(shell):
    page = shell("fit", "mmd_gan", "--help").out
    assert page.startswith("pushforward fit mmd-gan --data DATA")
    assert "Source: Li et al. (2017)" in page
    assert "--bound" in page
    assert "(default: 0.1)" in page
    assert page == shell("fit", "mmd-gan", "-h").out


def test_a_class_describes_itself(shell):
    page = shell("fit", "gram", "--kernel.help", "Gaussian")
    assert page.code == 0
    assert "--kernel.bandwidth" in page.out


@pytest.mark.parametrize("kind", index.KINDS)
def test_lists(shell, kind):
    labels = [entry.label for entry in index.entries(kind)]
    text = shell("list", kind).out
    assert [label for label in labels if f"\n  {label}" not in text] == []
    read = json.loads(shell("list", kind, "--json").out)
    assert [entry["label"] for entry in read[kind]] == labels


def test_the_whole_list(shell):
    assert list(json.loads(shell("list", "--json").out)) == list(index.KINDS)


def test_version(shell):
    from importlib.metadata import version

    assert shell("--version").out == f"{version('pushforward')}\n"
