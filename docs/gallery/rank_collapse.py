"""Do a critic's layers lose their rank? SMMD, GC-MMD and SN-SMMD on digits, 2,000 turns each.

    python docs/gallery/rank_collapse.py [METHOD ...]    # trains those, or all; then draws what is there

The recipes as they come, without labels: critics of three hidden layers of 256 units. At every probe, the stable rank
Σσ²/σ₁² of each layer's weights as it computes with them, and KID against the validation digits on the features of a
LeNet of their classes, on which nothing is matched; at the end, all singular values of the last hidden layer.

Source: Arbel et al. (2018), section 4, arXiv:1805.11565, where scaled MMD alone loses the rank of its layers.
"""

import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__)
METHODS = {"smmd": "#c44e52", "gc_mmd": "#8172b2", "sn_smmd": "#4c72b0"}
TURNS, EVERY, LAYER = 2000, 100, "linear 3 (256→256)"


def trained(method: str) -> list[dict[str, Any]]:
    """A row a probe."""
    import torch

    import pushforward as pf

    torch.set_num_threads(1)
    data = pf.data.load("digits")
    game = getattr(pf.recipes, method)(data.space, conditional=False)
    with tempfile.TemporaryDirectory() as folder:
        run = pf.fit(game, data, steps=TURNS, run=Path(folder) / "run", probes="kid", probe_features="lenet",
                     probe_every=EVERY, verdict=False, quiet=True)  # fmt: skip
        looks, scores = (records(run.path / name) for name in ("diagnostics.jsonl", "scores.jsonl"))
    return [row(method, look, score) for look, score in zip(looks, scores, strict=True)]


def row(method: str, look: dict[str, Any], score: dict[str, Any]) -> dict[str, Any]:
    """What a probe found: KID, the layers' stable ranks, and the singular values of the one that is drawn."""
    kid, layers = score["scores"]["kid"], look["layers"]
    ranks = {f"rank_{i}": layer["stable_rank"] for i, layer in enumerate(list(layers.values())[:3], 1)}
    shares = " ".join(f"{share:.4g}" for share in layers[LAYER]["shares"])
    return {"method": method, "turn": look["turn"], "kid": kid["value"], "kid_stderr": kid["stderr"], **ranks,
            "largest": layers[LAYER]["largest"], "lost": layers[LAYER]["lost"], "shares": shares}  # fmt: skip


def records(path: Path) -> list[dict[str, Any]]:
    """The lines of a log."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def draw(rows: list[dict[str, Any]], out: Path) -> None:
    """Stable rank and KID over turns, and the last singular values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 3.4), dpi=90, layout="constrained")
    rank, spectrum, kid = figure.subplots(1, 3)
    for method, colour in METHODS.items():
        some = [r for r in rows if r["method"] == method]
        turns, label = [int(r["turn"]) for r in some], method.replace("_", "-")
        rank.plot(turns, [float(r["rank_3"]) for r in some], color=colour, label=label)
        kid.plot(turns, [float(r["kid"]) for r in some], color=colour, label=label)
        shares = [float(s) for s in some[-1]["shares"].split()] if some else []
        spectrum.plot([i / max(1, len(shares) - 1) for i in range(len(shares))], shares, color=colour, label=label)
    rank.set(xlabel="turns", title="stable rank of the last hidden layer", ylim=(0, None))
    spectrum.set(xlabel="share of its singular values", title="σ/σ₁ after the last turn", ylim=(0, 1.02))
    kid.set(xlabel="turns", title="KID on LeNet features", yscale="log")
    rank.legend(fontsize=8)
    figure.savefig(out)


def table(rows: list[dict[str, Any]], out: Path) -> None:
    """The same figures for who reads tables."""
    with out.open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(rows[0])
        lines.writerows([f"{v:.5g}" if isinstance(v, float) else v for v in r.values()] for r in rows)


def known(path: Path) -> list[dict[str, Any]]:
    """The rows that are there."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    place = HERE.with_suffix(".csv")
    rows = known(place) if place.exists() else []
    for method in sys.argv[1:] or METHODS:
        rows = [r for r in rows if r["method"] != method] + trained(method)
        table(rows, place)
    draw(rows, place.with_suffix(".png"))
