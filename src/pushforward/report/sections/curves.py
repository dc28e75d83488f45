"""The section on how training went: the probes with their errors and the best state, and each player's losses."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pushforward.report import glossary
from pushforward.report.figures.curve import beyond, logarithmic, loss, probe
from pushforward.report.figures.drawing import to_svg
from pushforward.report.markup import Html, block, card, cards, note, section, svg
from pushforward.report.run_files import RunFiles
from pushforward.training.players import in_words

Records = Iterable[Mapping[str, Any]]


def curves(run: RunFiles) -> Html:
    """Return both kinds of curves, or that a kind was not logged."""
    probes, players = list(_probes(run.probes, run.log)), list(_losses(run.log, _kept(run)))
    explained = "Faint what was logged, dark its running median. "
    dotted = "The dotted line is the turn of the state that is handed over, the star its score; "
    parts = [
        block("Losses", note(explained), cards(*players)) if players else note("No losses were logged."),
        block(
            "Probes on the validation part",
            note(f"{dotted}bars are standard errors, or spreads. " + _rates(run.log)),
            cards(*probes),
        )
        if probes
        else note("No probes were logged."),
    ]
    return section("curves", "How training went", *parts)


def _kept(run: RunFiles) -> int | None:
    """Return the turn of the state that is handed over; None where none was chosen yet."""
    state = run.judged.verdict.get("state") or {}
    best = [record["turn"] for record in run.probes if record.get("best")]
    turn = state.get("turn", best[-1] if best else None)
    return None if turn is None else int(turn)


def _probes(records: Records, log: Records) -> Iterable[Html]:
    """Yield a figure for each score that was probed."""
    kept = list(records)
    for name in sorted({name for record in kept for name in record.get("scores", {})}, key=glossary.order):
        series = [record for record in kept if record.get("scores", {}).get(name, {}).get("value") is not None]
        if not series:
            continue
        scores = [record["scores"][name] for record in series]
        best = [place for place, record in enumerate(series) if record.get("best")]
        drawing = probe(
            [record["turn"] for record in series],
            [float(score["value"]) for score in scores],
            [float(score.get("stderr") or score.get("spread") or 0) for score in scores],
            best[-1] if best else None,
            _decays(log),
        )
        label = glossary.term(name).label
        better = f", {scores[-1]['better']} is better" if scores[-1].get("better") else ""
        yield card(f"{label}{better}", svg(to_svg(drawing), f"{label} against turns"))


def _decays(log: Records) -> list[int]:
    """Return the turns at which the rule lowered the learning rates."""
    return [record["turn"] for record in log if record.get("check", {}).get("decayed")]


def _rates(log: Records) -> str:
    """Say what the rule of three-sample tests did."""
    checks = [record for record in log if record.get("check")]
    if not checks:
        return ""
    lowered = ", ".join(
        f"{record['turn']:,} (× {record['check']['factor']:.3g})" for record in checks if record["check"]["decayed"]
    )
    sentence = (
        f"Dotted lines: the learning rates were lowered at turn {lowered}."
        if lowered
        else "The learning rates were never lowered."
    )
    return sentence + (f" The run was stopped early at turn {checks[-1]['turn']:,}." if checks[-1].get("ended") else "")


def _losses(records: Records, kept: int | None) -> Iterable[Html]:
    """Yield a figure for each player's loss, and for each term beside it."""
    players: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if "turn" in record and "loss" in record:
            players.setdefault(in_words(str(record.get("player", "player"))), []).append(record)
    for player, logged in players.items():
        turns = np.array([record["turn"] for record in logged], dtype=np.float64)
        terms = list(dict.fromkeys(name for record in logged for name in record.get("terms") or {}))
        named = {f"loss of the {player}": _values(record["loss"] for record in logged)}
        named |= {
            f"{player}: {name}": _values((record.get("terms") or {}).get(name) for record in logged) for name in terms
        }
        for name, values in named.items():
            yield card(_caption(name, values), svg(to_svg(loss(turns, values, kept)), f"{name} against turns"))


def _caption(name: str, values: np.ndarray) -> str:
    """Return what a figure shows, and what is special about its scale."""
    remarks = ["on a logarithmic scale"] if logarithmic(values) else []
    remarks += [f"beyond the edge: {outside:,}"] if (outside := beyond(values)) else []
    return "; ".join([name, *remarks])


def _values(values: Iterable[float | None]) -> np.ndarray:
    """Return values as floats; what is null was not finite or not logged."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
