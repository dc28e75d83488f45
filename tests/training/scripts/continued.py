"""A run that is begun or continued, whichever it needs, while every write to the disk takes its time.

Given: path, rows (a file), recipe, steps, slow (seconds that a flush to the disk takes), precision.
"""

import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import torch

import pushforward as pf
from pushforward.networks import MLP
from pushforward.samplers import Normal

path, rows, recipe, steps, slow, precision = (
    globals()[n] for n in ("path", "rows", "recipe", "steps", "slow", "precision")
)
sys.stderr = open(os.devnull, "w")
torch.set_num_threads(1)
flush = os.fsync


def slowly(handle):
    time.sleep(slow)
    flush(handle)


def probe(x, y):
    return SimpleNamespace(value=(x.mean(0) - y.mean(0)).norm().item(), stderr=None, better="lower")


os.fsync = slowly
if (Path(path) / "call.yaml").is_file():
    pf.resume(path, quiet=True, probes={"closeness": probe})
else:
    data = pf.data.load(rows)
    game = getattr(pf.recipes, recipe)(
        data.space, network=MLP((16, 16)), batch_size=8, **({"noise": Normal(3)} if recipe != "mmd_gan" else {})
    )
    pf.fit(
        game, data, run=path, overwrite=True, steps=steps, probe_every=3, log_every=2, checkpoint_every=2,
        probes={"closeness": probe}, verdict=False, quiet=True, device="cpu", precision=precision,
    )  # fmt: skip
