"""Samples of a run, in a file."""

from pathlib import Path

from pushforward.verbs.run import Weights, load
from pushforward.verbs.trusting import Trust


def sample(
    run: str | Path,
    n: int = 1000,
    *,
    seed: int = 0,
    out: str | Path | None = None,
    label: str | None = None,
    weights: Weights = "best",
    trust: Trust = (),
) -> Path:
    """Write n samples of a run, in the form that the ending says.

    Args:
        run: folder of the run.
        n: number of samples, at least 1.
        seed: of the noise.
        out: a file (.npz with an array `samples`, .npy, .csv, .parquet) or a folder of pictures; RUN/more with the
            data's own ending if absent.
        label: class of all samples, for a sampler that takes one.
        weights: the averaged sampler of the best state, of the last one, or the last one not averaged.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if the run cannot be opened, or its data have no form of that ending.
    """
    opened = load(run, trust=trust)
    return opened.write_samples(out or opened.folder.inside(f"more{opened.codec.suffix}"), n, seed, label, weights)
