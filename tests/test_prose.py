"""The first line of every public docstring is a formula, or a whole sentence that says what the thing is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "pushforward"

# The mood of a function's first line is the imperative: a verb joins this list in its base form, or not at all.
VERBS = """
    Add Answer Append Apply Ask Average Build Call Change Check Choose Clip Close Compare Compute Continue Copy Count
    Create Decode Describe Divide Draw Empty Encode End Estimate Evaluate Explain Fill Find Fit Force Forget Gather
    Give Go Group Hand Hash Hold Import Initialise Iterate Judge Keep Label Let List Load Lock Log Lower Make Mark
    Measure Move Multiply Name Normalise Note Open Pair Parse Pass Pick Place Plot Prepare Print Push Put Raise Rank
    Read Record Reduce Refuse Release Remove Reparametrise Repeat Replace Report Rescale Reshape Resolve Restore
    Resume Return Rewrite Round Run Sample Save Say Scale Score Send Serialise Set Show Shuffle Sort Split Standardise
    Start Stop Store Subtract Sum Swap Take Tell Test Train Transform Translate Truncate Try Turn Unpack Update Use
    Verify Wait Warn Watch Weigh Wrap Write Yield
"""

SYMBOL = r"(?:(?<![^\W\d_])[^\W\d_](?:[*̂̄̃′″⁻⁺₀-₉⁰¹²³⁴-⁹]|_(?:\w+|\{[^}]*\})|\^(?:\w+|\{[^}]*\}))*(?![^\W\d_]))"
NUMBER = r"(?:(?<![\w.])\d+(?:\.\d+)?|[½¼∞])"
OPENING, CLOSING = r"[(\[{⟨‖|]", r"[)\]}⟩‖|′²]"
FORMULA = re.compile(
    "|".join(
        [
            rf"(?:{SYMBOL}|{NUMBER}|{CLOSING})\s*[=≤≥≠≈≡∝∈→←↦~<>]",  # a relation with mathematics on its left,
            rf"[=≤≥≠≈≡∝∈→←↦~<>]\s*[−+]?(?:{SYMBOL}(?!\s+\w\w)|{NUMBER}|{OPENING})",  # or on its right
            r"[‖⟨⌈⌊Σ∏∫∂∇√ᵀ⁻]",  # what only mathematics uses
            r"(?<![^\W_])[^\W\d_]_\w(?!\w)",  # x_i
            rf"{SYMBOL}\(",  # f(x), D(P, Q), N(0, 1)
            r"(?<!\w)[a-z]{2,8}[⁻¹²]*\((?:[−½\d]|[^\W\d_][\d_′₀-₉]*[),])",  # mean(y), exp(−x), log(2)
            rf"(?:{SYMBOL}|{NUMBER}|{CLOSING})\s?[·∘⊙⊗^#−]\s?(?:{SYMBOL}|{NUMBER}|{OPENING})",  # a·b, g#µ, 1 − t
            rf"(?:{SYMBOL}|{CLOSING})\s\+\s(?:{SYMBOL}|{NUMBER}|{OPENING})",  # x + y
            r"(?<![\w/])[a-zα-ω]/[a-zα-ω](?![\w/])",  # p/q
        ]
    )
)


class Docstring(NamedTuple):
    """A public docstring and where it stands."""

    place: str
    first: str
    is_property: bool


def keeps_the_rule(docstring: Docstring) -> bool:
    """Whether the first line is a formula, or has five words and begins as a sentence that defines or orders.

    A formula may have words in it and after it. A line that begins with a capital word is prose, whatever mathematics
    comes later in it, and must be a sentence, which may be shorter only if there is a formula in it.
    """
    line = re.sub(r"`[^`]*`", "code", docstring.first)  # what is quoted is code: k(x, y) in a signature is no formula
    words = [word for word in line.split() if re.search(r"[^\W\d_]", word)]
    beginnings = {"A", "An", "The", *VERBS.split(), *(["Whether"] if docstring.is_property else [])}
    if re.match(r"A\s+\*?[a-z]{2}|[A-Z][a-z]+\b(?!\()", line):
        return words[0] in beginnings and (len(words) >= 5 or bool(FORMULA.search(line)))
    return bool(FORMULA.search(line))


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else "the ground floor"


def definitions(node: ast.Module | ast.ClassDef, name: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and not re.match("_(?!_)", child.name):
            yield f"{name}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from definitions(child, f"{name}{child.name}.")


def is_property(node: ast.AST) -> bool:
    decorators = [ast.unparse(each) for each in getattr(node, "decorator_list", [])]
    return any(name.split(".")[-1] in ("property", "cached_property") for name in decorators)


def docstrings(path: Path) -> Iterator[Docstring]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    for name, node in [("the file", module), *definitions(module)]:
        if text := ast.get_docstring(node):
            yield Docstring(f"{path.relative_to(PACKAGE)}: {name}", text.splitlines()[0], is_property(node))


FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted({room_of(path) for path in FILES})


@pytest.mark.parametrize("room", ROOMS)
def test_first_lines_say_what_the_thing_is(room):
    everything = [docstring for path in FILES if room_of(path) == room for docstring in docstrings(path)]
    wrong = [docstring for docstring in everything if not keeps_the_rule(docstring)]
    lines = "\n".join(f"  {docstring.place}: {docstring.first}" for docstring in wrong)
    assert not wrong, (
        f"{len(wrong)} first lines of {room} are neither a formula nor five words that begin with A, An, The or one of "
        f"VERBS (a property's may begin with Whether):\n{lines}"
    )


@pytest.mark.parametrize(
    "line",
    [
        "k(x, y) = Σ_σ exp(−‖x − y‖² / 2σ²).",
        "D = left + right.",
        "lr ← factor·lr after `patience` checks in a row with p > level.",
        "N(0, I).",
        "y = g(z), z ~ µ, for a network g.",
        "−mean(y): the value without the part that no sampler moves.",
        "f*(g(v)) in one stable formula.",
        "κ_c′(s), one slice a scale.",
        "βᵀAβ, differentiable in a.",
        "z_1, …, z_n in one order.",
        "log p/q at the best critic.",
        "E relu(1 − x), of the single output of a critic.",
        "end + (1 − end)·(1 + cos πt)/2.",
        "Return the log-density of each point.",
        "Return m + W c.",
        "A sampler that also knows how likely a point is.",
        "A *block* of real coordinates, beside one another in a point.",
    ],
)
def test_formulae_and_sentences_keep_the_rule(line):
    assert keeps_the_rule(Docstring("", line, False))


@pytest.mark.parametrize(
    "line",
    [
        "Of every learning rate.",
        "What was asked for.",
        "Everything in its place, and nothing beside it.",
        "The logit.",
        "Return the logit.",
        "Values of the scores by name of the set.",
        "Arguments in, a call of a verb, results out.",
        "Rows and columns → a page of numbers in words.",
        "Bounds that `k(x, y) = 0.05` of the command line sets.",
        "Removes what killed writers left in a folder.",
        "Whether a run can be resumed from its folder.",
        "What was told of f(x) = 0 and of everything else.",
        "Pairs i ≤ j below d.",
        "Convolutions of 4×4 down to 1 pixel, and up again.",
        "In float32 at least, (a) for one row and (b) for several.",
        "Points in R^length, without bounds.",
        "Scores of a run - its own ones - at I/O.",
        "Anything of a kind = anything that goes on.",
    ],
)
def test_riddles_do_not(line):
    assert not keeps_the_rule(Docstring("", line, False))


def test_a_property_may_say_whether():
    assert keeps_the_rule(Docstring("", "Whether a run can be resumed from its folder.", True))
