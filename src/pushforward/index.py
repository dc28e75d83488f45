"""The index of what the package offers, read off its source without torch: names, first lines, papers, options.

A room's `__init__` is the register; a signature and its docstring are the only description there is.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc, getsource
from pathlib import Path
from textwrap import dedent
from typing import Any, cast

Definition = ast.FunctionDef | ast.ClassDef

# The kinds that can be listed: the room, and the abstract class whose members it lists; None for functions.
KINDS: dict[str, tuple[str, str | None]] = {
    "recipes": ("recipes", None),
    "data": ("data", "Law"),
    "kernels": ("kernels", "Kernel"),
    "discrepancies": ("discrepancies", "Discrepancy"),
    "divergences": ("discrepancies", "Divergence"),
    "fields": ("fields", "Field"),
    "constraints": ("critics", "Constraint"),
    "maps": ("monotone", "Monotone"),
    "networks": ("networks", "Network"),
    "likelihoods": ("likelihoods", "Cost"),
    "noises": ("samplers", "Noise"),
    "windows": ("samplers", "Window"),
    "optimizers": ("tuning", "Optimizer"),
    "schedules": ("tuning", "Schedule"),
    "metrics": ("metrics", "Metric"),
}


@dataclass(frozen=True)
class Option:
    """A parameter of a signature, with what the docstring says of it.

    Args:
        name: as in the signature.
        annotation: its source; empty when there is none.
        default: its source; None when the parameter is required.
        text: what the docstring's Args say of it.
    """

    name: str
    annotation: str
    default: str | None
    text: str


@dataclass(frozen=True)
class Entry:
    """A function or class that the package or its user offers.

    Args:
        name: as it is imported.
        label: what the command line calls it.
        module: where it is defined, below the package.
        summary: first line of the docstring.
        source: the paper, where the docstring names one.
        options: the parameters, in order.
    """

    name: str
    label: str
    module: str
    summary: str
    source: str
    options: tuple[Option, ...]

    @property
    def names(self) -> list[str]:
        """The names of the options, in order."""
        return [option.name for option in self.options]


def entries(kind: str) -> list[Entry]:
    """Return all members of a kind, as their room's register orders them."""
    room, base = KINDS[kind]
    first = [function("data.readers.digits", "digits")] if kind == "data" else []
    return first + [_entry(module, node) for module, node in _register(room) if _belongs(room, node, base)]


def function(room: str, name: str) -> Entry:
    """Return the entry of one function that a room offers."""
    return next(_entry(module, node) for module, node in _register(room) if node.name == name)


def paper_text(numbers: Mapping[str, str], models: Mapping[str, Mapping[str, str]]) -> str:
    """Return what is said of the option `paper` of a recipe.

    Args:
        numbers: sources of the paper's numbers, by the names of options.
        models: of the numbers that models of the paper have besides, by the names of these.
    """
    listed = lambda given: ", ".join(f"{name} = {value}" for name, value in given.items())
    besides = [f"{name} has {listed(given)} besides" if given else f"{name} is that" for name, given in models.items()]
    named = f" Of its models {'; '.join(besides)}." if besides else ""
    return f"whether options that are not given are the paper's: {listed(numbers)}.{named}"


def paper_type(models: Iterable[str]) -> str:
    """Return the type of the option `paper`, of a paper with models of such names.

    Args:
        models: none for a paper with one.
    """
    return " | ".join(["bool", *(f"Literal[{', '.join(map(repr, names))}]" for names in [list(models)] if names)])


def summary() -> str:
    """Return the first line of the package's docstring."""
    return (ast.get_docstring(_tree("")) or "").partition("\n")[0]


def described(function: Callable[..., Any]) -> Entry:
    """Return the entry of a function that lies outside the package."""
    (node,) = ast.parse(dedent(getsource(function))).body
    return _entry(function.__module__, cast(Definition, node))


@cache
def fields(path: str) -> list[str]:
    """Return the names of the options of a class of the package, by its dotted path; none for another class."""
    package, _, rest = path.partition(".")
    room, name = rest.partition(".")[0], rest.rpartition(".")[2]
    ours = _register(room) if package == "pushforward" else []
    return next((_entry(module, node).names for module, node in ours if node.name == name), [])


@cache
def classes() -> dict[str, list[str]]:
    """Return the names of the members of every abstract class that an option may ask for."""
    return {base: [entry.name for entry in entries(kind)] for kind, (_, base) in KINDS.items() if base}


@cache
def _tree(module: str) -> ast.Module:
    path = Path(__file__).parent.joinpath(*module.split(".")) if module else Path(__file__).parent
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def _register(room: str) -> list[tuple[str, Definition]]:
    """Return what a room imports from its own files, and what it defines itself, with the module of each."""
    register: list[tuple[str, Definition]] = []
    for node in _tree(room).body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            register.append((room, node))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"pushforward.{room}."):
            module = str(node.module).removeprefix("pushforward.")
            register += [(module, d) for a in node.names if (d := _lookup(module, a.name))]
    return register


def _lookup(module: str, name: str) -> Definition | None:
    return next((n for n in _tree(module).body if isinstance(n, Definition) and n.name == name), None)


def _belongs(room: str, node: Definition, base: str | None) -> bool:
    """Return whether a definition is a function, if `base` is None, or else a final member of that class."""
    if base is None or isinstance(node, ast.FunctionDef):
        return base is None and isinstance(node, ast.FunctionDef)
    final = any("dataclass" in ast.unparse(d) for d in node.decorator_list)
    return final and base in _ancestors(room, node)


def _ancestors(room: str, node: ast.ClassDef) -> set[str]:
    names = {ast.unparse(b) for b in node.bases}
    bases = [n for n in _class_definitions(room) if n.name in names and n.name != node.name]
    return names.union(*(_ancestors(room, n) for n in bases))


@cache
def _class_definitions(room: str) -> list[ast.ClassDef]:
    folder = Path(__file__).parent / room
    files = sorted(folder.rglob("[!_]*.py"))
    modules = [".".join(p.relative_to(folder.parent).with_suffix("").parts) for p in files] if files else [room]
    return [n for m in modules for n in _tree(m).body if isinstance(n, ast.ClassDef)]


def _entry(module: str, node: Definition) -> Entry:
    doc = cleandoc(ast.get_docstring(node) or "")
    texts = _arguments(doc)
    parameters = _fields(node) if isinstance(node, ast.ClassDef) else _parameters(node)
    options = tuple(Option(name, hint, default, texts.get(name, "")) for name, hint, default in parameters)
    if numbers := _numbers(_given(node, "paper")):
        models = {name: _numbers(value) for name, value in _pairs(_given(node, "models"))}
        options += (Option("paper", paper_type(models), "False", paper_text(numbers, models)),)
    source = re.search(r"^Source: *(.+(?:\n(?!\w+:|\n).+)*)", doc, re.MULTILINE)
    paper = _one_line(source[1]) if source else ""
    return Entry(node.name, _label(node), module, doc.partition("\n")[0], paper, options)


def _label(node: Definition) -> str:
    """Return the name on the command line: a law's `name`, a function's name with dashes, or a class's own."""
    if isinstance(node, ast.FunctionDef):
        return node.name.replace("_", "-")
    names = [n.value for n in node.body if isinstance(n, ast.AnnAssign) and ast.unparse(n.target) == "name"]
    return next((str(value.value) for value in names if isinstance(value, ast.Constant)), node.name)


def _fields(node: ast.ClassDef) -> list[tuple[str, str, str | None]]:
    fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and "ClassVar" not in ast.unparse(n.annotation)]
    return [(ast.unparse(n.target), ast.unparse(n.annotation), _unparse(n.value)) for n in fields]


def _parameters(node: ast.FunctionDef) -> list[tuple[str, str, str | None]]:
    a = node.args
    positional = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(positional) - len(a.defaults)) + list(a.defaults) + list(a.kw_defaults)
    pairs = zip([*positional, *a.kwonlyargs], defaults, strict=True)
    return [(p.arg, _unparse(p.annotation) or "", _unparse(default)) for p, default in pairs]


def _given(node: Definition, name: str) -> ast.expr | None:
    """Return what `@recipe(…)` is given under a name, as `paper={…}`; None without."""
    calls = [d for d in node.decorator_list if isinstance(d, ast.Call) and ast.unparse(d.func) == "recipe"]
    return next((k.value for call in calls for k in call.keywords if k.arg == name), None)


def _pairs(given: ast.expr | None) -> list[tuple[str, ast.expr]]:
    pairs = zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ()
    return [(ast.literal_eval(name), value) for name, value in pairs if name]


def _numbers(given: ast.expr | None) -> dict[str, str]:
    """Return the sources of numbers, by the names of options."""
    return {name: ast.unparse(value) for name, value in _pairs(given)}


def _unparse(node: ast.expr | None) -> str | None:
    return None if node is None else ast.unparse(node)


def _arguments(doc: str) -> dict[str, str]:
    """Return the entries under Args: of a docstring, each on one line."""
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", doc, re.MULTILINE)
    pairs = re.findall(r"^ {4}(\w+): *(.*(?:\n {5,}.+)*)", section[1] if section else "", re.MULTILINE)
    return {name: _one_line(text) for name, text in pairs}


def _one_line(text: str) -> str:
    return " ".join(text.split())
