"""Killed at any moment, writes included, a run goes on to the same end."""

import random
import signal
from pathlib import Path

import numpy as np
import pytest

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
