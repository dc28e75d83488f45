"""The section on how training went: the probes with their errors and the best state, and each player's losses."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pushforward.report import glossary
from pushforward.report.figures.curve import beyond, losses, probe
from pushforward.report.figures.drawing import to_svg
from pushforward.report.markup import Html, block, card, cards, note, section, svg
from pushforward.report.run_files import RunFiles

Records = Iterable[Mapping[str, Any]]

OLDER = {"discrepancy": "critic", "projection": "critic"}
"""The names of today by those that players had up to format 3 of run folders."""


def curves(run: RunFiles) -> Html:
    """Return both kinds of curves, or that a kind was not logged."""
    probes, players = list(_probes(run.probes, run.log)), list(_losses(run.log))
    parts = [
        block(
            "Probes on the validation part",
            note("Bars are standard errors, or spreads; the star is the state that is handed over. " + _rates(run.log)),
            cards(*probes),
        )
        if probes
        else note("No probes were logged."),
        block("Losses", cards(*players)) if players else note("No losses were logged."),
    ]
    return section("curves", "How training went", *parts)


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


def _losses(records: Records) -> Iterable[Html]:
    """Yield a figure for each player."""
    players: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if "turn" in record and "loss" in record:
            name = str(record.get("player", "player"))
            players.setdefault(OLDER.get(name, name), []).append(record)
    for player, logged in players.items():
        names = list(dict.fromkeys(name for record in logged for name in record.get("terms") or {}))
        terms = {name: _values((record.get("terms") or {}).get(name) for record in logged) for name in names}
        loss = {"loss": _values(record["loss"] for record in logged)}
        turns = np.array([record["turn"] for record in logged], dtype=np.float64)
        outside = beyond(loss | terms)
        caption = f"loss of the {player}" + (f"; beyond the edge: {outside:,}" if outside else "")
        yield card(caption, svg(to_svg(losses(turns, loss | terms)), f"loss of the {player} against turns"))


def _values(values: Iterable[float | None]) -> np.ndarray:
    """Return values as floats; what is null was not finite or not logged."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
