"""What is wrong with a command line is said before torch is loaded, and nothing right is refused for that."""

import json
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest

EARLY = [
    "fot",
    "fit gramm --data ring",
    "fit gram",
    "fit gram --data rign",
    "fit gram --data no/such.csv",
    "fit gram --data missing.csv",
    "fit gram --data notes.txt",
    "fit gram --data ring --stepz 3",
    "fit gram --data ring --steps x",
    "fit gram --data ring --steps 0",
    "fit gram --data ring --minutes -1",
    "fit gram --data ring --average 2",
    "fit gram --data ring --clip_norm 0",
    "fit gram --data ring --threads 0",
    "fit gram --data ring --precision 16",
    "fit gram --data ring --device tpu",
    "fit gram --data ring --batch_size 0",
    "fit gram --data ring --outputs -3",
    "fit mmd-net --data ring --code_dim -1",
    "fit wgan --data ring --critic_steps 0",
    "fit gram --data ring --size 0",
    "fit gram --data ring --split 80/20/0",
    "fit gram --data ring --probes kidd",
    "fit gram --data ring --probe_features pixelz",
    "fit gram --data ring --run notes.txt",
    "fit gram --data ring --run notes.txt/run",
    "fit gram --data ring --network DCGANN",
    "fit gram --data ring --network DCGAN --network.widht 3",
    "fit gram --data ring --kernel Gaussian --kernel.bandwidth -1",
    "fit gram --data ring --tune.lr -1",
    "fit gram --data ring --lr_rule ThreeSampleRule --lr_rule.level 2",
    "fit gram --data ring --kernel nowhere.Mine",
    "fit nowhere.mine --data ring",
    "fit gram --config nowhere.yaml",
    "fit --resume runs/nowhere",
    "sample",
    "sample runs/nowhere",
    "sample runs/nowhere -n many",
    "score",
    "score x.npy",
    "score nowhere.npy x.npy",
    "score x.npy nowhere.npy",
    "score x.npy y.npy --metrics kidd",
    "score x.npy y.npy --preset torch-fid",
    "score x.npy y.npy --features pixelz",
    "score x.npy y.npy --uncertainty jacknife",
    "score x.npy y.npy --rows 2",
    "score x.npy y.npy --rows few",
    "score x.npy y.npy --workers 0",
    "score x.npy y.npy --train nowhere.npy",
    "score x.npy y.npy --log-prob nowhere.npy",
    "score x.npy y.npy --report page.htm",
    "score x.npy y.npy --report notes.txt/page.html",
    "score x.npy y.npy --save-reference real.npy",
    "score x.npy y.npy --save-reference notes.txt/real.npz",
    "score x.npy y.npy --fail-above kid",
    "score x.npy y.npy --fail-above kidd=1",
    "score x.npy y.npy --metrics fid --fail-below precision=0.5",
    "compare x.npy y.npy",
    "compare x.npy x.npy --data ring",
    "compare x.npy nowhere.npy --data ring",
    "compare x.npy y.npy --data rign",
    "compare x.npy y.npy --data ring --level 2",
    "report",
    "report runs/nowhere",
    "list kernel",
]

PROGRAM = """
import json, sys
from pushforward.cli import main
sys.path.append("")
found = {line: [main(line.split()), "torch" in sys.modules] for line in json.loads(sys.argv[1])}
print(json.dumps(found), file=open("found.json", "w"))
"""


@pytest.fixture
def place(tmp_path):
    """A folder with two files of samples and one of neither data nor a run."""
    draw = np.random.default_rng(0)
    for name in "xy":
        np.save(tmp_path / f"{name}.npy", draw.normal(size=(40, 2)))
    (tmp_path / "notes.txt").write_text("notes")
    return tmp_path


def answered(place, *argv):
    """The program in a process of its own."""
    return subprocess.run([sys.executable, *argv], cwd=place, capture_output=True, text=True, check=False)


def test_what_is_wrong_is_said_without_torch(place):
    before = sorted(os.listdir(place))
    done = answered(place, "-c", PROGRAM, json.dumps(EARLY))
    found = json.loads((place / "found.json").read_text())
    assert {line: outcome for line, outcome in found.items() if outcome != [2, False]} == {}
    said = done.stderr.splitlines()
    assert len(said) == len(EARLY)
    assert all(sentence.startswith("pushforward: ") for sentence in said)
    assert sorted(os.listdir(place)) == sorted([*before, "found.json"])


@pytest.mark.parametrize("line", ["score x.npy y.npy --metrics energy --json", "fit gram --data ring --print_config"])
def test_what_is_right_is_answered_once_and_by_torch(place, line):
    done = answered(place, "-m", "pushforward", *shlex.split(line))
    assert done.returncode == 0, done.stderr
    if "--json" in line:
        assert json.loads(done.stdout)["n_real"] == 40
    assert done.stdout.count("recipe: gram") == ("print_config" in line)


def test_a_strangers_module_is_imported_once(place):
    (place / "mine.py").write_text(
        "import torch\nprint('here', file=open('count', 'a'))\nfrom pushforward.kernels import Gaussian as Mine\n"
    )
    line = "fit gram --data ring --kernel mine.Mine --kernel.bandwidth -2"
    done = answered(place, "-m", "pushforward", *line.split())
    assert (place / "count").read_text() == "here\n"
    assert (done.returncode, done.stdout) == (2, "")
    said = done.stderr.splitlines()[-1]  # on a busy machine the step that takes long is named before
    assert said.startswith("pushforward: bandwidth of Gaussian must be positive and finite, got -2")


def test_a_stand_in_has_no_value(place):
    """It can be named, called, inherited from and computed with; whoever looks at it learns nothing, and is not told a
    falsehood: neither `--device cuda` nor anything else is refused on its word.
    """
    program = """
from pushforward.cli import rehearsal
with rehearsal._stand_ins():
    import torch
    from pushforward.verbs.settings import Settings
    kind = type("Mine", (torch.nn.Module,), {})
    assert isinstance(kind(), kind) and 2 * torch.ones(3) + 1 is not None
    for look in (bool, len, list, int, float, str, lambda t: t < 1, lambda t: 3 in t):
        try:
            look(torch.ones(3))
        except rehearsal.Doubt:
            continue
        raise AssertionError(look)
    try:
        Settings(device="cuda")
    except rehearsal.Doubt:
        print("doubted")
import sys, torch, pushforward
assert torch.ones(3).sum() == 3 and "verbs" not in vars(pushforward)
assert rehearsal.rehearse(lambda: float(torch.ones(2).sum())) == 2.0
"""
    done = answered(place, "-c", program)
    assert (done.stdout, done.stderr) == ("doubted\n", "")
