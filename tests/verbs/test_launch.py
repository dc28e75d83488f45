"""Started by a launcher: several processes, one run."""

import json
import os
import subprocess
import sys

import pytest


def launched(folder, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


FIT = (
    "-m", "pushforward", "fit", "gram", "--data", "digits", "--steps", "6", "--network", "MLP",
    "--network.widths", "[16]", "--batch_size", "32", "--verdict", "false", "--device", "cpu", "--log_every", "1",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_the_command_line_under_a_launcher(processes, tmp_path):
    launcher = ("torch.distributed.run", "--nproc_per_node", str(processes), "--master_port", "29541")
    done = launched(tmp_path, *launcher, *FIT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["runs/gram-digits"], "said once"
    assert "Traceback" not in done.stderr
    log = [json.loads(line) for line in (tmp_path / "runs/gram-digits/log.jsonl").read_text().splitlines()]
    assert [r["turn"] for r in log] == sorted([*range(1, 7)] * 2)
    more = launched(tmp_path, *launcher, *FIT[:2], "fit", "--resume", "runs/gram-digits", "--steps", "8")
    assert more.returncode == 0, more.stderr
    named = launched(tmp_path, *launcher, *FIT, "--to", "runs/two")
    assert named.returncode == 0, named.stderr
    assert named.stdout.split() == ["runs/two"]
    again = launched(tmp_path, *launcher, *FIT, "--to", "runs/two")
    assert again.returncode != 0
    assert "runs/two exists already" in again.stderr
    log = [json.loads(line) for line in (tmp_path / "runs/gram-digits/log.jsonl").read_text().splitlines()]
    assert [r["turn"] for r in log] == sorted([*range(1, 9)] * 2)
