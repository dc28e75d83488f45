"""Autoencoders beside pythae: milliseconds a step, and the likelihood after equal time, with one network and batch.

    benchmarks/peers/setup.sh
    python -m benchmarks.peers.autoencoders MNIST.npz            # goes on where it was stopped
    python -m benchmarks.peers.autoencoders MNIST.npz written    # the table of what is there

Pictures are MNIST drawn black and white (seed 7), 784-400-40-400-784 with rectifiers, batches of 100, one thread;
seconds are the processor's, of the loop of training alone with all that it does. `ms` of a step and the `ratio` of
pythae's to it are medians of rounds in which the programs take turns. `nll` is the bound by 200 draws of a code on
all 10,000 test pictures, in nats, pythae's by its own function, after as many seconds as the table says; pythae at
three rates since it has no measured one for so few steps.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.methods.bounds import binarised
from benchmarks.peers.where import HERE, PEERS, write

NAME, ROUNDS, TURN, LONG, DRAWS = "autoencoders", 5, 6, 120, 200
PROGRAMS = ("pythae", "pushforward, 32", "pushforward, bf16")
RATES = (1e-4, 5e-4, 1e-3)
COLUMNS = ("weights", "ms", "ratio", "steps", "nll")


def cells() -> list[dict[str, Any]]:
    """The time of a step of both models, then the likelihood at equal time."""
    rows: list[tuple[str, str, float, int]] = [(m, p, 1e-3, TURN) for m in ("vae", "wae") for p in PROGRAMS]
    rows += [("vae", "pythae", rate, LONG) for rate in RATES] + [("vae", p, 2e-3, LONG) for p in PROGRAMS[1:]]
    return [dict(zip(("model", "program", "rate", "seconds"), row, strict=True)) for row in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Measure a row; the time of a step beside pythae's in the same round."""
    row = speed()
    if cell["seconds"] == LONG:
        found = once(folder, **cell)
        return {name: found.get(name, "") for name in COLUMNS} | row
    rounds = [(once(folder, **cell), once(folder, **cell | {"program": "pythae"})) for _ in range(ROUNDS)]
    times = [[1e3 * f["cpu_seconds"] / f["steps"] for f in pair] for pair in rounds]
    found = {"ms": statistics.median(t for t, _ in times), "ratio": statistics.median(p / t for t, p in times)}
    return {name: (found | {"weights": rounds[0][0]["weights"]}).get(name, "") for name in COLUMNS} | row


def once(folder: Path, model: str, program: str, rate: float, seconds: int) -> dict[str, Any]:
    """Train one autoencoder by one program."""
    file = binarised(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if program != "pythae":
        return ours(folder, file, model, program.rpartition(" ")[2], rate, seconds)
    call = [PEERS, HERE / "autoencoders_once.py", model, file, str(seconds), str(rate), str(DRAWS * (seconds == LONG))]
    return json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def ours(folder: Path, file: Path, model: str, precision: str, rate: float, seconds: int) -> dict[str, Any]:
    """The same by this library, at the rate and its fall that recipes have."""
    import pushforward as pf
    from pushforward.likelihoods import Bernoulli
    from pushforward.networks import MLP
    from pushforward.samplers import Normal
    from pushforward.tuning import Adam, Cosine

    data, tune = pf.data.load(file), Adam(rate, (0.9, 0.999), decay=Cosine(0.01))
    if model == "vae":
        game: Any = pf.recipes.vae(data.space, network=MLP((400,)), latent_dim=40, likelihood=Bernoulli(), tune=tune,
                                   batch_size=100)  # fmt: skip
    else:
        game = pf.recipes.wae_mmd(data.space, network=MLP((400,)), noise=Normal(40), tune=tune, batch_size=100)
    made, found = trained(game, data, folder, seconds, precision=precision)
    of = {"steps": found["turns"], "cpu_seconds": found["cpu_seconds"]}
    of["weights"] = sum(p.numel() for p in made.sampler().parameters())
    if seconds == LONG:
        of["nll"] = float(-made.density(data.test.all(), draws=DRAWS).mean())
    return of


if __name__ == "__main__":
    write(NAME, measured_here(NAME, [c for c in cells() if sys.argv[2:] != ["written"] or done(NAME, c)], run))
