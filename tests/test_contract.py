"""What the whole package promises, whatever is in it."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from inspect import isabstract, isclass
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import pushforward as pf
from pushforward.index import KINDS, entries

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "pushforward"
ROOMS = sorted(p.parent.name for p in SOURCE.glob("*/__init__.py"))
FILES = sorted(SOURCE.rglob("*.py"))


def test_imports_run_downwards(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0


def test_import_costs_no_torch():
    code = "import sys, pushforward; print('torch' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_only_a_page_costs_matplotlib():
    code = "import sys, pushforward.verbs; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


@pytest.mark.parametrize("name", pf.__all__)
def test_everything_public_is_there(name):
    assert getattr(pf, name) is not None


def test_report_stays_the_verb():
    import_module("pushforward.report")
    assert callable(pf.report)


@pytest.mark.parametrize("room", ROOMS)
def test_registers_are_sorted_and_true(room):
    module = import_module(f"pushforward.{room}")
    names = getattr(module, "__all__", [])
    assert len(set(names)) == len(names)
    assert [n for n in names if not hasattr(module, n)] == []


@pytest.mark.parametrize(("room", "base"), [pair for pair in KINDS.values() if pair[1]])
def test_rooms_list_all_their_members(room, base):
    package = import_module(f"pushforward.{room}")
    paths = [p.relative_to(SOURCE.parent).with_suffix("") for p in (SOURCE / room).rglob("[!_]*.py")]
    files = [import_module(".".join(p.parts)) for p in paths] or [package]
    things = [t for file in files for t in vars(file).values() if isclass(t) and t.__module__ == file.__name__]
    above = getattr(package, base)
    found = [t for t in things if issubclass(t, above) and t is not above and not isabstract(t)]
    members = {t.__name__ for t in found if not t.__name__.startswith("_")}
    assert members - {e.name for kind, pair in KINDS.items() if pair == (room, base) for e in entries(kind)} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_files_are_one_idea_long(path):
    assert len(path.read_text().splitlines()) <= 250


def test_no_test_looks_behind_a_private_name():
    """What a test puts in the place of something is public, the system's, or of a library."""
    owner, name = r"[^,]*\b_[a-zA-Z]\w*,", r"""[^,]+,\s*["'](?:[\w.]*\.)?_[a-z]"""
    private = re.compile(rf"\b(?:setattr|setitem|delattr)\(\s*(?:{owner}|{name})")
    assert all(map(private.search, ('setattr(room, "_mended", f)', 'setattr(progress._STEPS, "said", 0.0)')))
    others = set((ROOT / "tests").rglob("*.py")) - {Path(__file__)}
    assert [str(path) for path in others if private.search(path.read_text())] == []


def test_constraints_pin_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(d for ds in project["optional-dependencies"].values() for d in ds)]
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pinned = {line.partition("==")[0].lower() for line in pins}
    names = {d.partition("=")[0].rstrip("<>").partition("[")[0].lower() for d in asked}
    assert names - pinned == {"pushforward"}
