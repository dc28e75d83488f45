"""The likelihoods of runs that are compared: on the same test rows, pair by pair."""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Data
from pushforward.metrics import PairedRows, paired_rows
from pushforward.runs import RunFolder
from pushforward.verbs.call import recorded
from pushforward.verbs.held_out import HeldOut, held_out_likelihood
from pushforward.verbs.opening import load
from pushforward.verbs.path_kind import is_run


def compared_likelihoods(
    data: Data, models: Mapping[str, Any], rows: int, level: float, notes: list[str]
) -> tuple[PairedRows, ...]:
    """Return every pair of the runs that have a density of these data, compared row by row on their common test rows.

    Args:
        data: as they were loaded.
        models: by name; a run counts if it was fitted to these data, split alike.
        rows: of the test part, at most.
        level: chance of one or more wrong answers.
        notes: takes a sentence on each run that gives a row the density 0.
    """
    found: dict[str, HeldOut] = {}
    for name, model in models.items():
        if is_run(model) and _of(recorded(RunFolder.open(model)), data):
            run = load(model)
            if (held_out := held_out_likelihood(run, run.data.test.all(rows))) is not None:
                found[name] = held_out
    known: dict[str, Float[Tensor, " n"]] = {}
    for name, held_out in found.items():
        if bool(torch.isfinite(held_out.rows).all()):
            known[name] = held_out.rows
        else:
            notes.append(
                f"{name} gives some test rows the density 0, so that its likelihood is compared with no other."
            )
    better = next(iter(found.values())).score.better if found else "higher"
    return paired_rows(known, better, level) if len(known) > 1 else ()


def _of(call: Mapping[str, Any], data: Data) -> bool:
    """Return whether a run was fitted to these data, split alike."""
    same_split = call.get("split_hash", data.split_hash) == data.split_hash
    return call["content_hash"] == data.content_hash and same_split


def likelihoods_in_words(pairs: list[Mapping[str, Any]], unit: str) -> list[str]:
    """Return the sentences on pairs, as of the JSON form.

    Args:
        pairs: entries of `likelihoods`.
        unit: of the differences.
    """
    return [_in_words(pair, unit) for pair in pairs]


def _in_words(pair: Mapping[str, Any], unit: str) -> str:
    numbers = f"{pair['difference']:.4g} ± {pair['stderr']:.2g} {unit}, p = {pair['p_value']:.2g}"
    if pair["better"] is None:
        return f"Likelihood of {pair['a']} and {pair['b']}: not resolved on these rows; {numbers}."
    other = pair["b"] if pair["better"] == pair["a"] else pair["a"]
    return f"Likelihood: {pair['better']} is better than {other}: {pair['a']} − {pair['b']} = {numbers}."
