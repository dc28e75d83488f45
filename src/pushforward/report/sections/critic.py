"""The section on the critic: whether its layers see every direction, how steep it is, how well calibrated."""

from collections.abc import Mapping, Sequence
from typing import Any

from pushforward.report.figures import critic as figures
from pushforward.report.figures.drawing import to_svg
from pushforward.report.markup import Html, block, card, cards, folded, note, svg, table, tag
from pushforward.report.numbers import number
from pushforward.report.run_files import RunFiles

LOST = 0.01
Record = Mapping[str, Any]


def critic(run: RunFiles) -> Html:
    """Return alarm, spectra, slopes and calibration; nothing for a run without a critic."""
    records = [r for r in run.diagnostics if isinstance(r.get("turn"), int) and r.get("layers")]
    if not records:
        return Html()
    last = records[-1]
    return folded("critic", "The critic", _alarm(records), _layers(last), cards(_slopes(records)), _calibration(last))


def _alarm(records: Sequence[Record]) -> Html:
    """Say whether the layers have lost directions: now, once, or never."""
    alarmed = [r for r in records if r.get("alarm")]
    if not alarmed:
        return note("No layer has lost its rank at any probe.")
    if records[-1].get("alarm"):
        since = next(r["turn"] for r in alarmed)
        sentence = f"Alarm, first at turn {since:,}: {records[-1]['alarm']}."
        return tag("p", tag("strong", sentence), class_="alarm", role="note")
    turns = ", ".join(f"{r['turn']:,}" for r in alarmed[-5:])
    return note(
        f"A layer had lost its rank at {len(alarmed)} of {len(records)} probes (turn {turns}), but has not now."
    )


def _layers(last: Record) -> Html:
    layers = last["layers"]
    drawing = svg(to_svg(figures.spectra(layers, LOST)), "singular values of each layer of the critic")
    caption = "singular values over the largest, at the last probe; below the dotted line a direction is lost"
    rows = [
        (
            name,
            number(s["largest"]),
            f"{number(s['stable_rank'])} of {s['size']}",
            number(s["condition"]),
            f"{s['lost']:.0%}",
        )
        for name, s in layers.items()
    ]
    head = ("layer", "largest singular value", "stable rank", "condition number", "directions lost")
    explained = note("The stable rank counts the directions that are as strong as the strongest.")
    return block("Layers", cards(card(caption, drawing)), table("layers of the critic", head, rows), explained)


def _slopes(records: Sequence[Record]) -> Html:
    sloped = [r for r in records if r.get("slopes")]
    if not sloped:
        return Html()
    sloped = [r for r in sloped if set(r["slopes"]) == set(sloped[-1]["slopes"])]
    places = {place: [r["slopes"][place] for r in sloped] for place in sloped[-1]["slopes"]}
    drawing = svg(to_svg(figures.slopes([r["turn"] for r in sloped], places)), "slope of the witness against turns")
    return card("slope of the witness: medians, and the middle nine tenths between data and samples", drawing)


def _calibration(last: Record) -> Html:
    """Return whether the log-ratio read off the critic is one, on held-out data."""
    calibration = last.get("calibration")
    if not calibration:
        return Html()
    drawing = svg(to_svg(figures.reliability(calibration["bins"])), "share of data against the critic's probability")
    sentence = (
        "Read as log p/q, the critic's probabilities on held-out data are off by "
        f"{number(calibration['error'])} in the mean; its log loss is {number(calibration['log_loss'])} "
        f"(0.693 is a guess), and the mean ratio over samples {number(calibration['mean_ratio'])} (1 is right)."
    )
    figure = cards(card("calibration at the last probe", drawing))
    return block("The critic as a density ratio", figure, note(sentence))
