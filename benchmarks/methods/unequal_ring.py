"""Modes that are rarer from one to the next: likelihood, an adversary, and both, on `ring-unequal`.

    python -m benchmarks.methods.unequal_ring           # goes on where it was stopped
    python -m benchmarks.methods.unequal_ring written   # the table of what is there

CPU seconds are of training alone, on one thread. `nats_gap` is the mean of log p − log q over the 10,000 test points, q
the density, or of autoencoders the bound by 200 draws of a code. `within` is the share of 10,000 samples within three
deviations of a mode, `modes` counts those that hold a quarter of their own weight; with `means_` before them the
samples are the decoder's means. The row `data` has the test part itself. Recipes are as they come, but for a code of
two and the networks that the others have of `vae`; `v-ade` is `ade` without its critic, `vae, β = 0.1` and `β = 10`
weigh the divergence of codes.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed

NAME, SECONDS, SAMPLES, DRAWS = "unequal_ring", 60, 10_000, 200
METHODS = ("ade", "v-ade", "gan", "vae", "flow-gan", "real-nvp", "triangular")
MORE = ("vae, β = 0.1", "vae, β = 10")
COLUMNS = ("turns", "nats_gap", "nats_gap_stderr", "within", "modes", "means_within", "means_modes")


def cells() -> list[dict[str, Any]]:
    """The data's own row, one seed of all, the vae at other weights, then two more seeds."""
    rows = [("data", 0), *((m, 0) for m in (*METHODS, *MORE)), *((m, s) for s in (1, 2) for m in METHODS)]
    return [dict(zip(("method", "seed"), row, strict=True)) for row in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a method and measure its density and its samples."""
    import pushforward as pf

    row, data = speed(), pf.data.load("ring-unequal")
    if cell["method"] == "data":
        folder.mkdir(parents=True, exist_ok=True)
        return dict.fromkeys(COLUMNS, "") | counted(data, data.test.all().x) | row
    made, found = trained(game(cell["method"], data.space), data, folder, SECONDS, seed=cell["seed"])
    scores = {"turns": found["turns"]} | gap(made, data) | counted(data, made.draw(SAMPLES, seed=1).x)
    if cell["method"].startswith(("ade", "v-ade", "vae")):
        scores |= {f"means_{k}": v for k, v in counted(data, made.draw(SAMPLES, seed=1, means=True).x).items()}
    return {name: scores.get(name, "") for name in COLUMNS} | row


def game(method: str, space: Any) -> Any:
    """Return the game of a method."""
    import pushforward as pf
    from pushforward.networks import Suited

    if method.startswith("vae"):
        beta = float(method.rpartition(" ")[2]) if "β" in method else 1.0
        return pf.recipes.vae(space, network=Suited(), latent_dim=2, beta=beta)
    if method.endswith("ade"):
        return pf.recipes.ade(space, adversarial=float(method == "ade"))
    return getattr(pf.recipes, method.replace("-", "_"))(space)


def gap(made: Any, data: Any) -> dict[str, Any]:
    """Return by how many nats the density falls short of the law's; nothing for a method without one."""
    import torch

    from pushforward.samplers import Bounded, Density

    if not isinstance(made.game.sampler, Density):
        return {}
    x = data.test.all().x
    draws = DRAWS if isinstance(made.game.sampler, Bounded) else None
    short = data.log_prob(x) - torch.from_numpy(made.log_prob(x.numpy(), draws=draws))
    return {"nats_gap": float(short.mean()), "nats_gap_stderr": float(short.std()) / len(short) ** 0.5}


def counted(data: Any, y: Any) -> dict[str, Any]:
    """Return the share of points near a mode, and the modes found."""
    from pushforward.metrics import modes

    found = modes(y, data.modes)
    return {"within": found.share, "modes": found.found}


if __name__ == "__main__":
    written = sys.argv[1:] == ["written"]
    write(NAME, measured_here(NAME, [c for c in cells() if not written or done(NAME, c)], run))
