"""The section on an encoder: data rebuilt, lines and directions of codes, codes beside the prior, draws and means."""

from collections.abc import Mapping
from typing import TypeGuard

import numpy as np

from pushforward.report.figures.drawing import DATA, SAMPLES, to_png
from pushforward.report.figures.montage import montage, png_bytes
from pushforward.report.figures.scatter import Limits, coloured, limits, ringed, scatter
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, block, card, cards, join, note, png, section, side_by_side

ACTIVE = 0.01
"""The variance of a coordinate's mean code over the data above which it says something of a point."""

STEPS = 8

LEVEL, SLIGHT = 0.05, 0.1
"""The level of the test of codes against the prior, and the effect below which a difference is called slight."""

CLOUD = (
    "Codes of data, left, and draws of the prior, right, on the principal axes of the first; below, where one is and "
    "the other hardly, by the witness of their difference. Where the prior is and codes are not, samples are made of "
    "what no datum has as its code; `sample --prior gmm` draws where codes are."
)


def codes(judged: Judged) -> Html:
    """Return the section; nothing of a run without an encoder."""
    found = judged.panels
    variances = found.get("code_variances")
    if variances is None or variances.ndim != 1:
        return Html()
    said = [active(variances), by_level(variances, found.get("code_levels"), found.get("code_rates"))]
    shown = [_rebuilt(found), _lines(found), _directions(found), _ways(found), _cloud(found)]
    return section("codes", "What codes say", note(" ".join(filter(None, said))), *shown)


def likeness(p: float, effect: float) -> str:
    """Return in words whether codes have the law of the prior, and what to do where they do not.

    Args:
        p: of the two-sample test of draws of the prior against codes of data.
        effect: Cliff's δ of its witness.
    """
    tested = f"two-sample test, p = {p:.3g}"
    if p > LEVEL:
        return f"No difference of codes from the prior is shown ({tested})."
    rightly = f"its witness tells a code from a draw of the prior {50 * (1 + effect):.0f} times in 100"
    if effect < SLIGHT:
        return f"Codes differ slightly from the prior ({tested}): {rightly}."
    return (
        f"Codes are not like the prior ({tested}): {rightly}. Samples are then made of codes that no datum has. Draw "
        "with --prior gmm, raise --beta or --penalty, or let the prior learn (--prior_layers 4)."
    )


def active(variances: np.ndarray) -> str:
    """Return in words how many coordinates of a code say something of a point.

    Args:
        variances: of the mean code over the data, one a coordinate.
    Source: Burda, Grosse, Salakhutdinov (2016), arXiv 1509.00519, section 5, for the measure and its bound.
    """
    used, every = int((variances > ACTIVE).sum()), len(variances)
    said = f"{used} of {every} coordinates of a code are active: their mean code has a variance above {ACTIVE}."
    if not used:
        return f"{said} The decoder has learnt to do without codes (posterior collapse): lower --beta, or warm it up."
    if used < every / 2:
        return f"{said} The others are left to the prior, which costs nothing; a smaller code would do."
    return said


def by_level(variances: np.ndarray, levels: np.ndarray | None, rates: np.ndarray | None) -> str:
    """Return in words what each level of a code says of a point; empty where nothing is known.

    Args:
        variances: of the mean code over the data, one a coordinate.
        levels: sizes of the levels, the coarsest first.
        rates: mean divergences of codes from the prior in nats, one a level, or empty.
    """
    nats = [] if rates is None else [f"{rate:.1f}" for rate in rates]
    costs = f"They diverge from the prior by {_listed(nats)} nats a point." if nats else ""
    if levels is None or len(levels) < 2 or levels.sum() != len(variances):
        return costs
    parts = np.split(variances > ACTIVE, np.cumsum(levels)[:-1])
    used = _listed([f"{int(part.sum())} of {len(part)}" for part in parts])
    return f"By level, the coarsest first: {used}. {costs}".strip()


def _listed(words: list[str]) -> str:
    return " and ".join([*filter(None, [", ".join(words[:-1])]), words[-1]])


def _rebuilt(found: Mapping[str, np.ndarray]) -> Html:
    data, points = found.get("rebuilt_data"), found.get("rebuilt_points")
    if not (_pictures(data) and _pictures(points)):
        return Html()
    sheets = [
        card(f"{len(shown)} {words}.", png(png_bytes(montage(shown, 6, 440)), f"a sheet of {words}", "sheet"))
        for shown, words in ((data, "unseen data"), (points, "the same, rebuilt from their codes"))
    ]
    return block("Rebuilt", side_by_side(*sheets))


def _lines(found: Mapping[str, np.ndarray]) -> Html:
    points = found.get("line_points")
    if not _pictures(points):
        return Html()
    sheet = png(png_bytes(montage(points, STEPS, 560)), "lines between codes, one a row", "sheet")
    words = (
        "What lies on the line from the code of one to that of another, in the class of the first if there are some."
    )
    return block("Between codes", card(words, sheet))


def _directions(found: Mapping[str, np.ndarray]) -> Html:
    points = found.get("traversal_points")
    if not _pictures(points):
        return Html()
    words = (
        "What lies on lines through the code of the first datum, one a row, along the directions in which codes of "
        "data vary most, the first above: two deviations to both sides."
    )
    sheet = png(png_bytes(montage(points, STEPS, 560)), "directions of codes, one a row", "sheet")
    return block("Directions of codes", card(words, sheet))


def _ways(found: Mapping[str, np.ndarray]) -> Html:
    kids = found.get("kid_of_draws_and_means")
    if kids is None or kids.shape != (2, 2):
        return Html()
    said = [
        f"KID of {name} {value:.4f} ± {error:.4f}"
        for name, (value, error) in zip(("draws", "means"), kids, strict=True)
    ]
    words = "Samples are draws from p(x given z), and the verdict is of these; `--means true` gives means."
    sheets = [
        card(
            f"{len(shown)} {name} of the same codes.",
            png(png_bytes(montage(shown, 6, 440)), f"a sheet of {name}", "sheet"),
        )
        for name, shown in (("draws", found.get("draws_shown")), ("means", found.get("means_shown")))
        if _pictures(shown)
    ]
    return block(
        "Draws and means", join([note(f"{words} {'; '.join(said)}."), side_by_side(*sheets) if sheets else Html()])
    )


def _cloud(found: Mapping[str, np.ndarray]) -> Html:
    data, prior = found.get("prior_view_data"), found.get("prior_view_samples")
    if data is None or prior is None or data.ndim != 2 or data.shape[1] != 2 or prior.shape[1:] != (2,):
        return Html()
    data, prior = data.astype(np.float64), prior.astype(np.float64)
    box = limits(data, prior, margin=np.inf)
    classes, names = found.get("code_classes"), found.get("code_class_names")
    if classes is not None and names is not None and classes.shape == (len(data),):
        codes, words_of_codes = coloured(data, classes, list(names), box), "codes of data, by class"
    else:
        codes, words_of_codes = scatter(data, DATA, box), "codes of data"
    drawn = [
        card(f"{len(points):,} {words}.", png(to_png(figure), f"scatter plot of {words}"))
        for points, words, figure in (
            (data, words_of_codes, codes),
            (prior, "draws of the prior", scatter(prior, SAMPLES, box)),
        )
    ]
    parts = [note(CLOUD), side_by_side(*drawn), _bare(found, data, prior, box)]
    test = found.get("code_test")
    if test is not None and test.shape == (2,):
        parts.insert(0, note(likeness(float(test[0]), float(test[1]))))
    return block("Codes beside the prior", join(parts))


def _bare(found: Mapping[str, np.ndarray], data: np.ndarray, prior: np.ndarray, box: Limits) -> Html:
    """Return where the prior is without codes, and codes without the prior."""
    views = [
        (found.get("bare_prior"), data, SAMPLES, "draws of the prior that codes (grey) come near least"),
        (found.get("bare_codes"), prior, DATA, "codes that draws of the prior (grey) support least"),
    ]
    drawings = [
        card(f"Ringed: {len(chosen)} {words}.", png(to_png(ringed(crowd, chosen, colour, box)), words))
        for chosen, crowd, colour, words in views
        if chosen is not None and chosen.ndim == 2 and chosen.shape[1] == 2 and len(chosen)
    ]
    return cards(*drawings) if drawings else Html()


def _pictures(x: np.ndarray | None) -> TypeGuard[np.ndarray]:
    return x is not None and x.dtype == np.uint8 and x.ndim == 4 and len(x) > 0
