"""Lists made of the code: what a room offers, what `pushforward list KIND` lists, which recipe suits which data."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from building.docstrings import CODE
from building.reference import first_line
from pushforward import index, standing
from pushforward.verbs.recommended import RECOMMENDED

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


class Recommended(SphinxDirective):
    """A table of the recipes that `fit` takes unasked: kind of data, recipe, reason and tables of measurements."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        head = ["data", "recipe", "since it", "measured in"]
        rows = [[[nodes.Text(each.kind)], [nodes.literal("", each.label)], [nodes.Text(each.why)],
                 [nodes.literal("", f"{', '.join(each.tables)}")]] for each in RECOMMENDED]  # fmt: skip
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
        group += nodes.thead("", _row([[nodes.Text(word)] for word in head]))
        group += nodes.tbody("", *(_row(cells) for cells in rows))
        return [nodes.table("", group)]


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _told(entry: index.Entry) -> list[str]:
    words = [standing.sentence(entry)] if entry.module.startswith("recipes.") else []
    return [*words, entry.summary, *([f"Source: {entry.source}"] if entry.source else [])]


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
    """Offer the directives."""
    app.add_directive("offered", Offered)
    app.add_directive("members", Members)
    app.add_directive("recommended", Recommended)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
