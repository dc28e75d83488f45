"""One page of HTML that needs nothing but itself: no script, no font, no request."""

from pushforward.report.headline import headline, how_large, pill, played, tiles
from pushforward.report.markup import Html, join, tag
from pushforward.report.reading import Reading
from pushforward.report.sections.critic import critic
from pushforward.report.sections.curves import curves
from pushforward.report.sections.looks import looks, misses
from pushforward.report.sections.provenance import environment, gaps, provenance
from pushforward.report.sections.spaces import spaces
from pushforward.report.sections.verdict import verdict
from pushforward.report.style import CSS

# a browser that reads this makes no request at all, whatever a name in the data may hold
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def document(title: str, top: Html, body: Html) -> str:
    """The whole file."""
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


def run_page(reading: Reading) -> str:
    """Verdict first, then the pictures, then the numbers behind both."""
    top = [
        tag("p", f"{reading.folder.name} · {played(reading)}".rstrip(" ·"), class_="over"),
        tag("h1", reading.title),
        pill(reading),
        tag("p", join([tag("strong", headline(reading)), " ", how_large(reading)]), class_="lead"),
        tiles(reading),
    ]
    parts = (looks, misses, verdict, curves, critic, spaces, provenance, environment, gaps)
    return document(reading.title, join(top), join(part(reading) for part in parts))
