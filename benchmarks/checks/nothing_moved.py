"""Did a change of the house change a number? Samples of six fixed runs bit for bit, scores of a fixed pair to 1e-12.

    python -m benchmarks.checks.nothing_moved before.json          # with the sources as they were
    python -m benchmarks.checks.nothing_moved after.json           # with the new ones, on the same machine
    python -m benchmarks.checks.nothing_moved after.json before.json   # says what differs; 1 if anything does

One thread, float32, 200 turns a run, seed 0. Pairs are compared as far as both files hold them.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

import pushforward as pf

RUNS = {
    "gram": ("digits", {"conditional": False}, {}),
    "gan": ("digits", {"conditional": False, "paper": True}, {}),
    "wgan_gp": ("digits", {"conditional": False, "paper": True}, {}),
    "sn_smmd": ("ring", {"paper": True}, {}),
    "mmd_net": ("digits", {"code_dim": 8, "autoencoder_steps": 100, "batch_size": 100}, {}),
    "discrete_bgan": ("digits", {"conditional": False}, {"threshold": 0.5}),
}
TURNS = 200
CLOSE = 1e-12


def sampled(name: str, folder: Path) -> str:
    """sha256 of 500 samples of a fixed run."""
    spec, options, reading = RUNS[name]
    data = pf.data.load(spec, **reading)
    game = getattr(pf.recipes, name)(data.space, **options)
    run = pf.fit(game, data, steps=TURNS, threads=1, precision="32", verdict=False, quiet=True, run=folder / name)
    samples = [np.ascontiguousarray(run.sample(500, seed=1, weights=w)) for w in ("best", "last", "raw")]
    return hashlib.sha256(b"".join(s.tobytes() for s in samples)).hexdigest()


def scored() -> dict[str, float]:
    """All scores and p-values of a fixed pair of arrays."""
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(400, 4)), draw.normal(0.1, 1.1, size=(300, 4))
    found = pf.score(x, y, metrics="kid,fid,mmd,energy,sliced-wasserstein,prdc,c2st", train=x[:200], test=x[200:])
    scores = {s.name: s.value for s in found.scores} | {f"{s.name} error": s.stderr or s.spread for s in found.scores}
    return scores | {f"{name} p": test["p_value"] for name, test in found.tests.items()}


def differing(new: dict, old: dict) -> list[str]:
    """What the two disagree in."""
    runs = [k for k in new["samples"] if k in old["samples"] and new["samples"][k] != old["samples"][k]]
    far = lambda a, b: (a is None) != (b is None) or (a is not None and abs(a - b) > CLOSE * max(1.0, abs(b)))
    return runs + [k for k in new["scores"] if k in old["scores"] and far(new["scores"][k], old["scores"][k])]


def main(out: Path, old: Path | None = None) -> int:
    """Measure what `out` does not hold yet, then compare."""
    torch.set_num_threads(1)
    found = json.loads(out.read_text()) if out.exists() else {"samples": {}, "scores": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name in RUNS:
            if name not in found["samples"]:
                found["samples"][name] = sampled(name, Path(folder))
                print(name, found["samples"][name][:16], flush=True)
    found["scores"] = found["scores"] or scored()
    out.write_text(json.dumps(found, indent=1))
    if old is None:
        return 0
    moved = differing(found, json.loads(old.read_text()))
    print("moved: " + ", ".join(moved) if moved else "nothing moved")
    return int(bool(moved))


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))
