"""What this library makes of arrays beside what other programs make of the same ones.

    benchmarks/peers/setup.sh && python -m benchmarks.peers.agreement

Writes `benchmarks/results/agreement.csv`. Values must agree to 10⁻⁶ of themselves, p-values and ratios within four
standard errors of the difference. Presets are asked for through `score`, on the same features times 10⁻³, 1 and 10³
and 10³ away from 0. Peers that no package index has (dgm-eval, torch-two-sample) are compared where the environment
has them, and else left out.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

import pushforward as pf
from benchmarks.peers.where import HERE, PEERS, write
from pushforward.discrepancies import MMD, ULSIF, Biased, Energy
from pushforward.kernels import Distance, Gaussian
from pushforward.metrics import FrechetDistance, InceptionScore, KIDSubsets, prdc, two_sample_test
from pushforward.metrics.scores.inception_score import inception_scores
from pushforward.rows import Held

ALWAYS = (
    *("torch_fidelity", "pytorch_fid", "cleanfid", "prdc", "torchmetrics"),
    *("hyppo", "scipy", "sklearn", "densratio", "alibi_detect"),
)
PERHAPS = ("dgm_eval", "torch_two_sample")
PERMUTATIONS = 9999
"""So many that four errors of the difference of two p-values near 0.02 are a third of them, near 0.4 a twentieth."""

SCALES = {"times 0.001": (1e-3, 0.0), "times 1": (1.0, 0.0), "times 1000": (1e3, 0.0), "plus 1000": (1.0, 1e3)}

PRESETS = {
    "pytorch_fid": ("pytorch-fid", {"FID": "FID"}),
    "cleanfid": ("clean-fid", {"FID": "fid", "KID, 100 subsets of 1,000": "kid"}),
    "torch_fidelity": (
        "torch-fidelity",
        {
            "FID": "frechet_inception_distance",
            "KID, 100 subsets of 1,000": "kernel_inception_distance_mean",
            "KID, spread over subsets": "kernel_inception_distance_std",
            "precision, k = 3, closed balls": "precision",
            "recall, k = 3, closed balls": "recall",
        },
    ),
    "prdc": ("prdc", {f"{name}, k = 5, open balls": name for name in ("precision", "recall", "density", "coverage")}),
}
"""Of each peer the preset, and its names of the quantities."""


def inputs() -> dict[str, Any]:
    """Correlated non-negative features of two sizes, logits, small samples for permutations, Gaussians with a ratio."""
    draw = np.random.default_rng(0)
    plan = draw.normal(size=(16, 64)) / 4
    normal = lambda *size: draw.normal(size=size)
    features = lambda n, scale: np.maximum(scale * normal(n, 16) @ plan + 0.3 * normal(n, 64), 0)
    found = {
        "x": features(2500, 1.0),
        "y": features(2200, 1.1),
        "logits": 3 * draw.normal(size=(2200, 10)),
        "a": draw.normal(size=(60, 3)),
        "b": draw.normal(size=(60, 3)) + 0.25,
        "sigma": 1.5,
        "ratio_sigma": 0.8,
        "permutations": PERMUTATIONS,
    }
    apart = deepcopy(draw)  # so that neither of the two groups below moves the other's draws
    found |= {"u": apart.normal(size=(60, 3)), "v": apart.normal(size=(60, 3)) + 0.1}
    return found | {
        "p": draw.normal(size=(2000, 2)) + [0.7, 0.0],
        "q": draw.normal(size=(2500, 2)),
        "at": draw.normal(size=(400, 2)),
    }


def ours(z: dict[str, Any]) -> dict[str, Any]:
    """Every quantity, by the public functions."""
    x, y, a, b, u, v, p, q, at = (torch.from_numpy(z[name]) for name in ("x", "y", "a", "b", "u", "v", "p", "q", "at"))
    probabilities = torch.from_numpy(z["logits"]).softmax(1)
    kid, gauss = KIDSubsets()(x, y)[0], Gaussian(z["sigma"])
    score = InceptionScore()(probabilities, probabilities)[0]
    closed, open_ = prdc(x, y, k=3), prdc(x, y, k=5, strict=True)
    tested = lambda s, t, k: two_sample_test(s, t, kernels=[k], permutations=PERMUTATIONS).p_value
    return {
        "KID, 100 subsets of 1,000": kid.value,
        "KID, spread over subsets": kid.spread,
        "KID, one subset of all rows": KIDSubsets(1, len(y))(x[: len(y)], y)[0].value,
        "FID": FrechetDistance()(x, y)[0].value,
        "inception score": score.value,
        # Theirs is the deviation over 10 splits with a divisor of 10, ours that of the mean with a divisor of 9.
        "inception score, spread over splits": 3 * score.spread,
        "inception score, one split": float(inception_scores(Held(probabilities, torch.float64), 1, None)),
        "precision, k = 3, closed balls": closed.precision,
        "recall, k = 3, closed balls": closed.recall,
        **{f"{n}, k = 5, open balls": getattr(open_, n) for n in ("precision", "recall", "density", "coverage")},
        "energy distance, biased": float(Energy(estimator=Biased())(a, b)),
        "energy distance, one dimension": float(Energy(estimator=Biased())(a[:, :1], b[:, :1])),
        "MMD², biased, Gaussian kernel": float(MMD(gauss, Biased())(a, b)),
        "MMD², unbiased, Gaussian kernel": float(MMD(gauss)(a, b)),
        "permutation p-value, energy": tested(u, v, Distance()),
        "permutation p-value, energy, one dimension": tested(u[:, :1], v[:, :1], Distance()),
        "permutation p-value, MMD": tested(u, v, gauss),
        "uLSIF at points, σ and λ given": ULSIF(z["ratio_sigma"], (0.1,), centers=len(p))(p, q)(at).tolist(),
        "mean under weights of a ratio": ULSIF()(p, q)(q).tolist(),
    }


@dataclass(frozen=True)
class Row:
    """One quantity of one peer.

    Args:
        quantity: what was measured.
        peer: the other program.
        version: its version.
        theirs: its value; of many, their root mean square.
        ours: likewise.
        difference: of the two, relative to theirs.
        bar: that it may reach.
        by: why that.
    """

    quantity: str
    peer: str
    version: str
    theirs: float
    ours: float
    difference: float
    bar: float
    by: str

    def table(self) -> dict[str, Any]:
        return dict(vars(self)) | {"passed": self.difference <= self.bar}


def compared(quantity: str, peer: str, version: str, theirs: Any, mine: Any, z: dict[str, Any]) -> Iterator[Row]:
    """A row or, where there is a closed form, also one of each against it."""
    t, o = np.atleast_1d(theirs).astype(float), np.atleast_1d(mine).astype(float)
    size = lambda v: float(np.sqrt(np.mean(v**2)))
    row = lambda to, difference, bar, by: Row(quantity, peer, version, size(to), size(o), difference, bar, by)
    if "p-value" in quantity:
        p = (t[0] + o[0]) / 2
        # Counts of relabellings are binomial, and those of two programs independent: Var(p₁ − p₂) = 2p(1 − p)/B.
        error = 4 * (2 * p * (1 - p) / PERMUTATIONS) ** 0.5 / t[0]
        yield row(t, abs(t[0] - o[0]) / t[0], error, f"4 Monte-Carlo errors of {PERMUTATIONS} permutations each")
    elif quantity.startswith("mean under"):
        yield from _means(quantity, peer, version, t, o, z["q"][:, 0])
    else:
        yield row(t, float(np.abs(o - t).max() / size(t)), 1e-6, "rounding")


def _means(quantity: str, peer: str, version: str, t: np.ndarray, o: np.ndarray, q: np.ndarray) -> Iterator[Row]:
    """The mean of a coordinate under weights p/q at samples of q: 0.7, the mean of p, if the ratio is right."""
    (theirs, error), (mine, other) = (_weighted(w, q) for w in (t, o))
    bar, by = 4 * (error**2 + other**2) ** 0.5, "4 standard errors of both"
    yield Row(quantity, peer, version, theirs, mine, abs(mine - theirs) / theirs, bar / theirs, by)
    yield Row(quantity, f"closed form ({peer})", version, 0.7, theirs, abs(theirs / 0.7 - 1), 4 * error / 0.7, by)
    yield Row(quantity, "closed form", "", 0.7, mine, abs(mine / 0.7 - 1), 4 * other / 0.7, by)


def _weighted(weights: np.ndarray, q: np.ndarray) -> tuple[float, float]:
    w = weights / weights.sum()
    mean = float(w @ q)
    return mean, float(np.sqrt(w**2 @ (q - mean) ** 2))


def asked(peer: str, folder: Path) -> dict[str, Any] | None:
    """The peer's answer; None if it may be absent and is."""
    found = subprocess.run(
        [PEERS, str(HERE / "peers.py"), peer, str(folder)], capture_output=True, text=True, env={"OMP_NUM_THREADS": "1"}
    )
    if found.returncode and peer in PERHAPS and "No module named" in found.stderr:
        print(f"{peer}: not in the environment, left out")
        return None
    if found.returncode:
        raise SystemExit(f"{peer} failed:\n{found.stderr}")
    return json.loads(found.stdout.splitlines()[-1])


def scaled(folder: Path, z: dict[str, Any]) -> Iterator[Row]:
    """What presets measure through `score`, whatever the scale, beside what the programs make of the same rows."""
    for how, (times, plus) in SCALES.items():
        x, y = (times * z[name] + plus for name in ("x", "y"))
        np.savez(folder / "inputs.npz", **z | {"x": x, "y": y})
        for peer, (preset, names) in PRESETS.items():
            answer, found = asked(peer, folder), pf.score(x, y, preset=preset, features="identity", floor=False).preset
            assert answer is not None  # none of these may be absent
            for quantity, key in names.items():
                theirs, mine = answer["values"][quantity], found[key]
                difference = abs(mine - theirs) / abs(theirs)
                bar, by = _rounding(quantity, x, y, theirs)
                yield Row(
                    f"{quantity}, features {how}", f"{peer}", answer["version"], theirs, mine, difference, bar, by
                )


def _rounding(quantity: str, x: np.ndarray, y: np.ndarray, value: float) -> tuple[float, str]:
    """What float64 leaves of a KID: its terms are as large as the largest kernel value, whatever it is itself."""
    if "KID" not in quantity:
        return 1e-6, "rounding"
    largest = (max(float((v**2).sum(1).max()) for v in (x, y)) / x.shape[1] + 1) ** 3
    return max(1e-6, 64 * np.finfo(float).eps * largest / abs(value)), "rounding of kernel values"


def main() -> int:
    """All peers; 1 if a quantity is off its bar."""
    z, rows = inputs(), []
    mine = ours(z)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "inputs.npz", **z)
        for peer in (*ALWAYS, *PERHAPS):
            if (answer := asked(peer, Path(folder))) is not None:
                for quantity, value in answer["values"].items():
                    rows += compared(quantity, peer, answer["version"], value, mine[quantity], z)
        rows += scaled(Path(folder), z)
    write("agreement", [row.table() for row in rows])
    for row in rows:
        off = "" if row.difference <= row.bar else "OFF: "
        print(f"{off}{row.quantity} · {row.peer}: {row.difference:.1e} ({row.bar:.1e})")
    return int(any(row.difference > row.bar for row in rows))


if __name__ == "__main__":
    sys.exit(main())
