"""Lists made of the code: `{offered}` of what a room offers, `{members} KIND` of what `pushforward list` lists."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from building.docstrings import CODE
from building.reference import first_line
from pushforward import index

Row = tuple[str, str, list[str]]


class Offered(SphinxDirective):
    """A list of what some dotted paths lead to, each with the first line of its docstring."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        rows = [(path, path.rpartition(".")[2], [first_line(path)]) for path in self.content if path]
        return [_list(rows, self.env.docname)]


class Members(SphinxDirective):
    """A list of the members of a kind, under the names that the command line gives them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        kind = self.arguments[0]
        entries = index.entries(kind)
        rows = [(f"pushforward.{e.module.partition('.')[0]}.{e.name}", e.label, _told(e)) for e in entries]
        return [_list(rows, self.env.docname)]


def _told(entry: index.Entry) -> list[str]:
    return [entry.summary, *([f"Source: {entry.source}"] if entry.source else [])]


def _list(rows: list[Row], page: str) -> nodes.Node:
    return nodes.definition_list("", *(_item(*row, page) for row in rows), classes=["members"])


def _item(target: str, label: str, texts: list[str], page: str) -> nodes.Node:
    name = nodes.literal("", label)
    link = pending_xref("", name, refdomain="py", reftype="obj", reftarget=target, refdoc=page, refexplicit=True)
    told = [nodes.paragraph("", "", *_inline(text)) for text in texts]
    return nodes.definition_list_item("", nodes.term("", "", link), nodes.definition("", *told))


def _inline(text: str) -> list[nodes.Node]:
    """A text with its `code` as code."""
    pieces: list[nodes.Node] = []
    end = 0
    for code in CODE.finditer(text):
        pieces += [nodes.Text(text[end : code.start()]), nodes.literal("", code[2])]
        end = code.end()
    return [*pieces, nodes.Text(text[end:])]


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the two directives."""
    app.add_directive("offered", Offered)
    app.add_directive("members", Members)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
