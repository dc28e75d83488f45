"""The sections of a table: columns, dependence of columns, rules that samples break, and training rows in samples."""

from pushforward.report.figures.drawing import to_svg
from pushforward.report.figures.heat import heat
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, card, cards, facts, join, key, note, section, svg
from pushforward.report.numbers import fixed
from pushforward.report.sections.words import about

MOST = 20
"""Rules that are listed, at most."""

READ = "Pearson's r of two columns of numbers, from −1 (violet) to 1 (orange); Cramér's V, from 0 to 1, of all others."


def dependence(judged: Judged) -> Html:
    """Return how columns and pairs of them differ, and heat maps of the dependence among both and of the difference."""
    said = about(judged, "columns", "learning")
    data, samples = (judged.panels.get(f"dependence_{side}") for side in ("data", "samples"))
    names = judged.panels.get("dependence_columns")
    if data is None or samples is None or names is None or not data.shape == samples.shape == (len(names),) * 2:
        return section("columns", "Columns and pairs of them", said)
    words = [str(name) for name in names]
    maps = [
        (key("data", "Dependence among the data"), data, "data"),
        (key("samples", "Dependence among the samples"), samples, "samples"),
        ("Samples less data", samples - data, "samples less data"),
    ]
    drawn = lambda values, alt: svg(to_svg(heat(values, words)), f"dependence of columns, {alt}")
    shown = [card(title, drawn(values, alt)) for title, values, alt in maps]
    return section("columns", "Columns and pairs of them", said, cards(*shown), note(READ))


def rules(judged: Judged) -> Html:
    """Return the rules that all rows of the data keep, those first that most samples break."""
    found = (judged.verdict.get("table") or {}).get("rules") or []
    broken = sorted((rule for rule in found if rule["broken"] > 0), key=lambda rule: -rule["broken"])
    rows = [(str(rule["rule"]), f"{fixed(100 * rule['broken'], 2)} %") for rule in broken[:MOST]]
    listed = join([note("Rules, and the share of samples that break each."), facts(rows)]) if rows else Html()
    return section("rules", "Rules of the data", about(judged, "rules"), listed)


def audit(judged: Judged) -> Html:
    """Return what was looked at to see whether training rows show in the samples."""
    found = (judged.verdict.get("table") or {}).get("audit")
    if not found:
        return Html()
    percent = lambda share: f"{fixed(100 * share, 2)} %"
    reach = lambda name: f"{percent(found[name])} ({' to '.join(map(percent, found[f'{name}_interval']))})"
    rows = [
        ("nearer to a training row than to an unseen one (50 % is chance)", reach("closer")),
        ("samples that equal a training row", percent(found["copies"])),
        ("unseen rows that equal a training row", percent(found["unseen_copies"])),
        ("training rows that an attacker picks (50 % is chance)", reach("attack")),
    ]
    return section("audit", "Do training rows show in the samples?", about(judged, "audit"), facts(rows))
