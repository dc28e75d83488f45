"""The figures of the house: files, lines, lengths of bodies, rings of imports, arrows between the storeys of a room.

    python -m benchmarks.checks.house SRC      # SRC: sources of an earlier commit; writes benchmarks/results/house.csv

A *body* is the statements of a function, without its docstring; its length counts lines that hold code. Imports count
where they run: those for types alone, or inside of functions, do not. A *ring* is a set of files that import each other
in a circle. An *arrow* of a room goes from one of its storeys (a file or folder directly inside) to another, however
many imports it is.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.common.cells import write

HERE = Path(__file__).resolve().parents[2] / "src"
STOREYS = ("metrics", "data")


def modules(source: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    names = {}
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes that run when a file is imported: none for types alone, none inside of functions and classes."""
    for child in ast.iter_child_nodes(node):
        types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if not types and not isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield child
            yield from running(child)


def imports(tree: ast.Module, known: dict[str, Path]) -> set[str]:
    """The modules that a file imports when it is imported: at its top level, not inside of functions."""
    found = set()
    for node in running(tree):
        if isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{a.name}" for a in node.names]
            found |= {name if name in known else node.module for name in inner}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found & known.keys()


def bodies(tree: ast.Module, lines: list[str]) -> Iterator[int]:
    """Lines of code of every function's body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1:] if ast.get_docstring(node) is not None else node.body
            code = [lines[i].strip() for s in first for i in range(s.lineno - 1, s.end_lineno)]
            yield sum(bool(line) and not line.startswith("#") for line in code)


def rings(graph: dict[str, set[str]]) -> int:
    """Circles of files that import one another; a package and what it lists are none."""
    names = {name: i for i, name in enumerate(graph)}
    pairs = [(names[a], names[b]) for a, targets in graph.items() for b in targets if not a.startswith(f"{b}.")]
    rows, columns = zip(*pairs, strict=True)
    matrix = coo_array(([1] * len(pairs), (rows, columns)), shape=(len(names), len(names)))
    count, label = connected_components(matrix, directed=True, connection="strong")
    return sum(list(label).count(i) > 1 for i in range(count))


def arrows(graph: dict[str, set[str]], room: str) -> set[tuple[str, str]]:
    """Which storeys of a room import which others."""
    inside = f"pushforward.{room}."
    storey = lambda name: name.removeprefix(inside).partition(".")[0]
    return {
        (storey(a), storey(b))
        for a, targets in graph.items() for b in targets
        if a.startswith(inside) and b.startswith(inside) and storey(a) != storey(b)
    }  # fmt: skip


def figures(source: Path) -> dict[str, float]:
    """Every figure of the package below a folder, by its name."""
    known = modules(source)
    texts = {name: path.read_text(encoding="utf-8") for name, path in known.items()}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    graph = {name: imports(tree, known) - {name} for name, tree in trees.items()}
    sizes = [len(text.splitlines()) for text in texts.values()]
    long = [n for name, tree in trees.items() for n in bodies(tree, texts[name].splitlines())]
    found: dict[str, float] = {
        "files": len(sizes),
        "lines": sum(sizes),
        "file, median": median(sizes),
        "file, longest": max(sizes),
        "body, median": median(long),
        "body, p90": quantiles(long, n=10)[-1],
        "body, longest": max(long),
        "rings of imports": rings(graph),
    }
    for room in STOREYS:
        own = [name.split(".")[2] for name in known if name.startswith(f"pushforward.{room}.")]
        found[f"files of {room}"] = len(own)
        found[f"storeys of {room}"] = len(set(own))
        found[f"arrows between storeys of {room}"] = len(arrows(graph, room))
    return found


def main(before: Path) -> None:
    """One row a figure, as it was and as it is."""
    was, now = figures(before), figures(HERE)
    write("house", [{"figure": name, "before": was[name], "after": now[name]} for name in now])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
