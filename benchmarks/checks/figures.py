"""Every figure in the documents against the committed table that it was taken from.

    python -m benchmarks.checks.figures [DOCUMENT.md ...]    # README.md and all of docs/ if left out; 1 if one is off

Below a paragraph, a list or a table stands a comment that readers do not see:

    <!-- figures
    digits: min(precision); row(seed=0).best_turn
    critics_mnist[seed == 0] by method: turns; kid; kid_stderr
    is: data = held-out images
    given: 45 0.05
    -->

* `TABLE: EXPRESSION; ...` are values of benchmarks/results/TABLE.csv, in Python: its columns are pandas series under
  their names (with _ for what no name may hold), `row(column=value)` is the one such row, `rows(...)` all of them, and
  `table(NAME)` another table. TABLE may be a path from the repository's root.
* `TABLE[CONDITION] by COLUMN: EXPRESSION; ...` is for a Markdown table: the figures of each of its lines are, in this
  order, values of one row of TABLE, namely of one whose COLUMN stands in the line (`is: VALUE = WORDS` says what stands
  there in its place); with `each` for `by COLUMN`, of any row. Conditions are optional.
* `FILE.txt: NUMBERS` stand so in a text that a script left in benchmarks/results/.
* `given: NUMBERS` are no measurements: settings, sizes, constants of a formula, figures of a paper.

Every numeral of the text above must be one of these, to its last digit, and every one of these must be there. Not read
are code, formulas between dollars, links, dates, versions, years of papers, parameters (`k = 5`), and digits within a
name (CIFAR-10, float64).
"""

import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
COMMENT = re.compile(r"<!-- figures\n(.*?)-->", re.DOTALL)
UP = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
NUMERAL = re.compile(
    rf"(?<![\w.,^])(?<![A-Za-z]-)(−?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?:·10([{UP}]+))?(?![\w{UP}]|\.\d)"
)
RAISED = str.maketrans(UP, "-0123456789")
POWER = re.compile(rf"(?<![\w·.])10([{UP}]+)")
UNREAD = [
    r"<!--.*?-->",
    r"`[^`]*`",
    r"\$\$[^$]+\$\$|\$[^$\n]+\$",  # formulas
    r"\]\([^)]*\)",  # where a link leads
    r"https?://\S+",
    r"arXiv \d+\.\d+",
    r"\d{4}-\d\d-\d\d",
    r"\d+\.\d+\.\d+",
    r"(?<=[a-z.] )\(?(?:19|20)\d\d\)?",  # Bińkowski et al. (2018)
    r"(?:[Ss]ection|Algorithms?|format|version|Zen|exit code) \d+(?: and \d+)?",
    r"(?<!\w)[A-Za-oq-zα-ω]′?(?:\([^)]*\))? [=≥≤] [−\d.,]+",  # k = 5, but for p, which is measured
    r"^ *\d+\. ",  # of a numbered list
]


@dataclass
class Block:
    """A paragraph, a list or a table, with what its comment says.

    Args:
        line: where it begins.
        text: as readers see it.
        sources: lines of the comment.
    """

    line: int
    text: str
    sources: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figure:
    """A numeral: its value, and half a unit of its last digit."""

    said: str
    value: float
    reach: float

    def fits(self, value: float) -> bool:
        return abs(value - self.value) <= self.reach * (1 + 1e-6)


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs, lists and tables outside fenced code, each with its comment."""
    found: Block | None = None
    text = re.sub(r"^```.*?^```$", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE)
    for piece in re.finditer(r"<!-- figures\n.*?-->|(?:(?!<!-- figures\n)[^\n]+\n?)+", text, re.DOTALL):
        comment = COMMENT.fullmatch(piece[0])
        if comment and found:
            found.sources = [line.strip() for line in comment[1].splitlines() if line.strip()]
            yield found
            found = None
            continue
        if found:
            yield found
        found = Block(text.count("\n", 0, piece.start()) + 1, piece[0])
    if found:
        yield found


def figures(text: str) -> list[Figure]:
    """The numerals of a text, in order."""
    for pattern in UNREAD:
        text = re.sub(pattern, lambda m: " " * len(m[0]), text, flags=re.MULTILINE)
    found = [(m.start(), _figure(m[0], m[1], m[2])) for m in NUMERAL.finditer(text) if not POWER.match(text, m.start())]
    found += [(m.start(), _figure(m[0], "1", m[1])) for m in POWER.finditer(text)]
    return [figure for _, figure in sorted(found, key=lambda pair: pair[0])]


def _figure(said: str, digits: str, raised: str | None) -> Figure:
    exponent = int(raised.translate(RAISED)) if raised else 0
    plain = digits.replace(",", "").replace("−", "-")
    decimals = len(plain.partition(".")[2])
    return Figure(said, float(plain) * 10.0**exponent, 0.5 * 10.0 ** (exponent - decimals))


def _named(column: str) -> str:
    name = re.sub(r"\W", "_", column)
    return f"{name}_" if keyword.iskeyword(name) else name


class Table:
    """A committed table, and expressions in its columns."""

    def __init__(self, name: str, condition: str = ""):
        path = ROOT / name if "/" in name else ROOT / "benchmarks" / "results" / f"{name}.csv"
        frame = pd.read_csv(path).rename(columns=_named)
        self.frame = frame.query(condition) if condition else frame

    def rows(self, **given: Any) -> pd.DataFrame:
        found = self.frame
        for column, value in given.items():
            found = found[found[column].isin(value if isinstance(value, list) else [value])]
        return found

    def row(self, **given: Any) -> pd.Series:
        found = self.rows(**given)
        if len(found) != 1:
            raise ValueError(f"{len(found)} rows have {given}")
        return found.iloc[0]

    def value(self, expression: str, row: pd.Series | None = None) -> float:
        """Of a formula in the columns, or in the values of one row."""
        columns = {c: self.frame[c] if row is None else row[c] for c in self.frame.columns}
        names = {"row": self.row, "rows": self.rows, "table": Table, "median": lambda x: pd.Series(x).median()}
        return float(eval(expression, names | columns))


def check(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong in a document: the line, and a sentence."""
    for block in blocks(text):
        try:
            for sentence in _checked(block):
                yield block.line, sentence
        except Exception as error:
            yield block.line, f"its comment cannot be read: {type(error).__name__}: {error}"


def _checked(block: Block) -> Iterator[str]:
    given, values, by_row, words = _parsed(block.sources)
    unused = {**dict.fromkeys(given), **dict.fromkeys(values)}
    for line in block.text.splitlines() if by_row else [block.text]:
        rest = []
        for figure in figures(line):
            known = [k for k, v in values.items() if figure.fits(v)] + [g for g in given if g == figure.said]
            for name in known:
                unused.pop(name, None)
            if not known:
                rest.append(figure)
        if rest and by_row and not _is_of_a_row(line, rest, by_row, words):
            yield f"no row of {by_row[0][3]} has {' '.join(f.said for f in rest)} in the line {line.strip()[:60]!r}"
        elif rest and not by_row:
            for figure in rest:
                near = min(values, key=lambda k: abs(values[k] - figure.value), default=None)
                close = "" if near is None else f" ({near} is {values[near]:.6g})"
                yield f"{figure.said} stands in no table{close}; name its table in a comment below, or it as given"
    for name in unused:
        yield f"{name}{f' = {values[name]:.6g}' if name in values else ''} is not among its figures"


Rows = list[tuple[Table, str | None, list[str], str]]


def _parsed(lines: list[str]) -> tuple[list[str], dict[str, float], Rows, dict[str, str]]:
    given: list[str] = []
    values: dict[str, float] = {}
    by_row: Rows = []
    words: dict[str, str] = {}
    for line in lines:
        head, _, tail = line.partition(": ")
        parts = [part.strip() for part in tail.split(";") if part.strip()]
        found = re.fullmatch(r"([\w/.-]+)(?:\[(.*)\])?( by (\w+)| each)?", head)
        if head == "given":
            given += tail.split()
        elif head == "is":
            words |= {value.strip(): word.strip() for value, _, word in (p.partition(" = ") for p in parts)}
        elif head.endswith(".txt"):
            words_of = (ROOT / "benchmarks" / "results" / head).read_text(encoding="utf-8")
            values |= {f"{head}: {part}": _printed(part, words_of) for part in parts}
        elif found and found[3]:
            by_row.append((Table(found[1], found[2] or ""), found[4], parts, found[1]))
        elif found:
            table = Table(found[1], found[2] or "")
            values |= {f"{head}: {part}": table.value(part) for part in parts}
        else:
            raise ValueError(line)
    return given, values, by_row, words


def _printed(number: str, text: str) -> float:
    if number not in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text):
        raise ValueError(f"{number} is not printed there")
    return float(number)


def _is_of_a_row(line: str, rest: list[Figure], by_row: Rows, words: dict[str, str]) -> bool:
    for table, key, expressions, _ in by_row:
        for _, row in table.frame.iterrows():
            name = None if key is None else str(row[key])
            if name is not None and words.get(name, name) not in line:
                continue
            values = iter([table.value(e, row) for e in expressions])
            if all(any(figure.fits(v) for v in values) for figure in rest):
                return True
    return False


def main(argv: list[str]) -> int:
    paths = [Path(a).resolve() for a in argv] or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    wrong = [(path, line, sentence) for path in paths for line, sentence in check(path.read_text(encoding="utf-8"))]
    for path, line, sentence in wrong:
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{line}: {sentence}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
