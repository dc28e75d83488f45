"""The markup of a page from small functions: a plain string is escaped wherever it enters, `Html` passes as it is."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

VOID = {"img", "meta"}

NARROW, WIDE = 3, 9
"""Columns up to which a table fits a phone, or the widest page."""


class Html(str):
    """A string of markup that is finished."""


def text(child: str) -> Html:
    """Return the child as markup: escaped, unless it is markup already.

    Example:
        >>> text("a < b"), text(Html("<b>"))
        ('a &lt; b', '<b>')
    """
    return child if isinstance(child, Html) else Html(escape(child))


def join(children: Iterable[str]) -> Html:
    """Return the children one after the other."""
    return Html("".join(text(child) for child in children))


def tag(element: str, /, *children: str, **attributes: str) -> Html:
    """Return an element; attributes that Python reserves take a final underscore, and inner ones become hyphens.

    Example:
        >>> tag("p", "1 < 2", class_="words")
        '<p class="words">1 &lt; 2</p>'
    """
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    start = f"<{element}{written}>"
    return Html(start if element in VOID else f"{start}{join(children)}</{element}>")


def section(anchor: str, title: str, *children: str) -> Html:
    """A part of the page with a heading; nothing at all when no child has content."""
    content = join(children)
    return tag("section", tag("h2", title), content, id=anchor) if content else Html()


def folded(anchor: str, title: str, *children: str) -> Html:
    """A part of the page that is folded away until its heading is clicked; nothing at all when no child has content."""
    content = join(children)
    if not content:
        return Html()
    opened = tag("details", tag("summary", tag("h2", title)), content)
    return tag("section", opened, id=anchor, class_="folded")


def block(title: str, *children: str) -> Html:
    """A part of a section, with a smaller heading."""
    return tag("div", tag("h3", title), *children, class_="block")


def note(sentence: str) -> Html:
    """A sentence about what is not there, or how to read what is."""
    return tag("p", sentence, class_="note")


def table(label: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table that scrolls inside its own box; the first cell of a row is its heading.

    Args:
        label: what the table holds, for those who hear it.
        head: names of the columns.
        rows: cells.
    """
    names = tag("tr", *(tag("th", name, scope="col") for name in head))
    hint = tag("p", "← the table scrolls sideways →", class_="swipe", aria_hidden="true")
    body = join(tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows)
    scrolled = tag(
        "div",
        tag("table", tag("thead", names), tag("tbody", body)),
        class_="scroll",
        role="region",
        aria_label=label,
        tabindex="0",
    )
    fits = "wide" if len(head) > WIDE else "medium" if len(head) > NARROW else "narrow"
    return tag("div", scrolled, hint, class_=f"table {fits}")


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """Return names and their values, as a list of definitions."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs))


def png(content: bytes, alt: str, class_: str = "") -> Html:
    """A picture in the page itself."""
    return _image("image/png", content, alt, class_)


def svg(content: bytes, alt: str, class_: str = "") -> Html:
    """A drawing in the page itself, sharp at any size."""
    return _image("image/svg+xml", content, alt, class_)


def _image(kind: str, content: bytes, alt: str, class_: str) -> Html:
    source = f"data:{kind};base64,{b64encode(content).decode()}"
    return tag("img", src=source, alt=alt, **({"class_": class_} if class_ else {}))


def card(caption: str, *children: str) -> Html:
    """A white card with a caption: figures keep their colours by day and by night."""
    return tag("figure", *children, tag("figcaption", caption))


def cards(*children: str) -> Html:
    """Return cards side by side where there is room, one below the other where not."""
    return tag("div", *children, class_="cards") if join(children) else Html()


def side_by_side(*children: str) -> Html:
    """Return two cards side by side, on a phone too."""
    return tag("div", *children, class_="cards pair")


def key(role: str, word: str) -> Html:
    """A word behind a dot in the colour of its role: `data` or `samples`."""
    return join([tag("span", "", class_=f"dot {role}"), tag("span", word)])
