"""Killed at any moment, writes included, a run goes on to the same end."""

import platform
import random
import signal
from pathlib import Path

import numpy as np
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.runs import RunFolder

SCRIPT = Path(__file__).parent / "scripts" / "continued.py"


@pytest.fixture
def killed(child, tmp_path, same, records):
    """Runs a script to its end, killing it so many times on the way, and compares with the run that was left alone."""
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))

    def tried(kills: int, longest: float, **names):
        names |= {"rows": str(tmp_path / "rows.npy")}
        alone = child(SCRIPT, path=str(tmp_path / "whole"), **names | {"slow": 0.0})
        alone.join()
        assert alone.exitcode == 0
        moments, deaths = random.Random(1), 0
        while True:
            process = child(SCRIPT, path=str(tmp_path / "killed"), **names)
            process.join(moments.uniform(0.0, longest) if deaths < kills else None)
            process.kill()
            process.join()
            deaths += process.exitcode == -signal.SIGKILL
            if process.exitcode == 0:
                break
            assert process.exitcode == -signal.SIGKILL
        same(tmp_path / "whole", tmp_path / "killed")
        for log in ("log.jsonl", "scores.jsonl"):
            assert records(tmp_path / "whole", log) == records(tmp_path / "killed", log)
        left = sorted(p.name for p in (tmp_path / "killed" / "checkpoint").iterdir())
        assert [name for name in left if name.startswith(".")] == []
        return deaths

    return tried


def test_killed_a_few_times(killed):
    """Each turn is a millisecond and each write a hundredth of a second: most kills fall into writes."""
    assert killed(6, 1.0, recipe="gram", steps=24, slow=0.01, precision="32") >= 3


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["32", "bf16"])
@pytest.mark.parametrize("recipe", ["gan", "gram", "mmd_gan"])
def test_killed_many_times(recipe, precision, killed):
    assert killed(15, 1.5, recipe=recipe, steps=60, slow=0.02, precision=precision) >= 8


def test_of_two_writers_at_once_one_is_told_and_the_other_ends_as_if_alone(child, tmp_path, same, records):
    """A second resume, a third in this process, and a new run in its place: each is refused while the first goes on."""
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    names = {"rows": str(tmp_path / "rows.npy"), "recipe": "gram", "steps": 24, "precision": "32"}
    alone = child(SCRIPT, path=str(tmp_path / "whole"), slow=0.0, **names)
    alone.join()
    begun = child(SCRIPT, path=str(tmp_path / "run"), slow=0.01, **names)
    while not (tmp_path / "run" / "checkpoint" / "last").exists():
        begun.join(0.01)
    begun.kill()
    begun.join()
    first = child(SCRIPT, path=str(tmp_path / "run"), slow=0.02, **names)
    while f'"pid": {first.pid},' not in read(tmp_path / "run" / ".lock"):
        first.join(0.01)
        assert first.exitcode is None
    second = child(SCRIPT, path=str(tmp_path / "run"), slow=0.0, **names)
    told = f"is being written by process {first.pid} on {platform.node()} since 20"
    with pytest.raises(Refused, match=told):
        pf.resume(tmp_path / "run", quiet=True, probes={"closeness": lambda x, y: x})
    with pytest.raises(Refused, match=told):
        RunFolder.create(tmp_path / "run", overwrite=True)
    assert first.exitcode is None
    for process in (first, second):
        process.join()
    assert (first.exitcode, second.exitcode) == (0, 1)
    same(tmp_path / "whole", tmp_path / "run")
    for log in ("log.jsonl", "scores.jsonl"):
        assert records(tmp_path / "whole", log) == records(tmp_path / "run", log)
    assert not (tmp_path / "run" / ".lock").exists()


def read(path):
    return path.read_text() if path.exists() else ""


def test_a_second_sigterm_ends_it_at_once(child, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import signal\n"
        "from pushforward.training.signals import Signals\n"
        "with Signals():\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
    )
    process = child(script)
    process.join()
    assert process.exitcode == -signal.SIGTERM
