"""The page, one file of HTML that needs nothing but itself: no script, no font, no request."""

from pathlib import Path

from pushforward.report.headline import headline
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, join, tag
from pushforward.report.run_files import RunFiles
from pushforward.report.sections.classes import classes
from pushforward.report.sections.codes import codes
from pushforward.report.sections.copies import copies
from pushforward.report.sections.critic import critic
from pushforward.report.sections.curves import curves
from pushforward.report.sections.looks import listing, looks, misses
from pushforward.report.sections.progress import progress
from pushforward.report.sections.protocol import protocol
from pushforward.report.sections.provenance import environment, gaps, provenance
from pushforward.report.sections.scores import scores
from pushforward.report.sections.spaces import spaces
from pushforward.report.sections.speeds import speeds
from pushforward.report.sections.table import audit, dependence, rules
from pushforward.report.sections.words import state, words
from pushforward.report.style import CSS

# a browser that reads this makes no request at all, whatever a name in the data may hold
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def document(title: str, top: Html, body: Html) -> str:
    """Return the whole file of a page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("title", title),
        tag("style", Html(CSS)),
    )
    content = [tag("header", top, class_="top"), tag("main", body, tag("footer", "Written by pushforward."))]
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', *content), lang='en')}\n"


FOUND = (looks, headline, scores, state, words, misses, dependence, rules, classes, copies, audit, listing)
"""What samples look like, how good they are, how good each way, then what is wrong with them: of any samples."""


def run_page(run: RunFiles) -> str:
    """Return the page of a run: what was found, how training went, and folded away what a second look asks for."""
    over = f"{run.folder.name} · {run.played}".rstrip(" ·")
    parts = [part(run.judged) for part in FOUND]
    parts += [speeds(run), progress(run), curves(run)]
    parts += [codes(run.judged), critic(run), spaces(run.judged), protocol(run.judged)]
    parts += [part(run) for part in (provenance, environment, gaps)]
    return document(run.title, _top(over, run.title), join(parts))


def judged_page(judged: Judged) -> str:
    """Return the page of the verdict on samples that any program made."""
    names = [Path(str(judged.verdict[side])).name for side in ("fake", "real")]
    parts = [part(judged) for part in (*FOUND, protocol)]
    title = " against ".join(names)
    return document(title, _top("samples against data", title), join(parts))


def _top(over: str, title: str) -> Html:
    return join([tag("p", over, class_="over"), tag("h1", title)])
