"""The verb `likelihood`: how likely data are under a run's sampler, exactly, by a bound or by annealing."""

from pathlib import Path
from typing import Any

import numpy as np

from pushforward.data.raw.npy import write_npy
from pushforward.progress import step
from pushforward.runs.atomic import replacing
from pushforward.samplers import Annealing, Density
from pushforward.verbs.argument_checks import check_likelihood
from pushforward.verbs.densities import annealed as by_annealing
from pushforward.verbs.drawing import Weights
from pushforward.verbs.encoding import rows_as_of
from pushforward.verbs.opening import load
from pushforward.verbs.trust import Trust


@step("likelihoods")
def likelihood(
    run: str | Path,
    data: str | Path | None = None,
    *,
    out: str | Path | None = None,
    rows: int | None = None,
    draws: int | None = None,
    annealed: bool = False,
    temperatures: int = 500,
    chains: int = 8,
    seed: int = 0,
    weights: Weights = "best",
    trust: Trust = (),
) -> dict[str, Any]:
    """Say how likely data are under the sampler of a run: the mean of log p(x) in nats, its error, and what it is.

    Args:
        run: folder of the run.
        data: a path, or a name, of data like those of the run; the test part of its own if absent.
        out: a file of one number a row, .npy or .csv; none if absent.
        rows: the first so many; all if absent.
        draws: K, codes a point that a bound is averaged over; the sampler's own number if absent.
        annealed: whether log p is estimated by annealed importance sampling, which asks nothing of the encoder; it
            takes a second a row.
        temperatures: of annealing, at least 2.
        chains: of annealing, for each row, at least 2.
        seed: of codes, chains, and noise that fills steps between values.
        weights: the averaged weights of the best state, of the last one, or the last ones not averaged.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if the run cannot be opened or knows no likelihood, or the data are not like its own.
    """
    check_likelihood(run, out=out, rows=rows, draws=draws, temperatures=temperatures, chains=chains)
    opened = load(run, trust=trust)
    x = rows_as_of(opened, data).rows(slice(rows))
    sampler = opened.sampler(weights)
    if annealed:
        nats, errors = by_annealing(opened, x, Annealing(temperatures, chains), seed, weights)
        words = f"an estimate by annealing, {chains} chains of {temperatures} temperatures a row, on average from below"
        of_chains = float(errors.mean())
    else:
        nats, of_chains = opened.density(x, seed, weights, draws).double().numpy(), None
        exact, K = isinstance(sampler, Density) and sampler.exact, draws or sampler.draws
        words = "exact" if exact else f"a bound from below, by {K} draws of a code"
    if out is not None:
        _write(nats, Path(out))
    stderr = float(nats.std(ddof=1) / len(nats) ** 0.5) if len(nats) > 1 else None
    return {"log_prob": float(nats.mean()), "stderr": stderr, "rows": len(nats), "what": words,
            "error_of_a_row": of_chains, "out": None if out is None else str(out)}  # fmt: skip


def in_words(found: dict[str, Any]) -> str:
    """Return one line for the terminal."""
    error = "" if found["stderr"] is None else f" ± {found['stderr']:.2g}"
    return f"log p: {found['log_prob']:.2f}{error} nats a row, {found['rows']} rows; {found['what']}."


def _write(nats: np.ndarray, path: Path) -> None:
    if path.suffix == ".npy":
        return write_npy(path, nats)
    with replacing(path) as file:
        np.savetxt(file, nats, header="log_prob", comments="")
