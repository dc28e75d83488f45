"""What the site is built with: docstrings become pages, formulas MathML, and nothing is loaded from elsewhere."""

import importlib.util
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def tool(name):
    """A module of docs/building that needs no Sphinx."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "building" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCSTRING = """k(x_i, y_j) = *|x|*, `Median()`s of x_.

More of it.

    repeat: f ascends  |x_i|

            then g descends

Args:
    bandwidth: σ > 0; `Median()` takes it
        from the data.
    *others: not used.
Raises:
    Refused: for σ_1 ≤ 0.
Source: Gretton (2012), and
    others (2013).
Example:
    >>> k(1)  # doctest
    1
"""


def test_a_docstring_keeps_its_mathematics_and_its_sections():
    lines = [line for line in tool("docstrings").rest(DOCSTRING.splitlines()) if line.strip()]
    assert lines == [
        "k(x\\_i, y\\_j) = \\*\\|x\\|\\*, \\ ``Median()``\\ s of x\\_.",
        "More of it.",
        ".. code-block:: text",
        "    repeat: f ascends  |x_i|",
        "            then g descends",
        ":param bandwidth: σ > 0; \\ ``Median()``\\  takes it from the data.",
        ":param *others: not used.",
        ":raises Refused: for σ\\_1 ≤ 0.",
        ":Source: Gretton (2012), and others (2013).",
        ".. rubric:: Example",
        ".. code-block:: pycon",
        "    >>> k(1)  # doctest",
        "    1",
    ]


@pytest.mark.parametrize(
    ("page", "addresses"),
    [
        ('<script src="https://cdn.example/x.js"></script>', ["https://cdn.example/x.js"]),
        ('<link rel="stylesheet" href="//fonts.example/css">', ["//fonts.example/css"]),
        ('<img src="a.png" srcset="http://x.example/b.png 2x">', ["http://x.example/b.png 2x"]),
        ('<body><p style="background: url(https://x.example/c.png)">', ["https://x.example/c.png"]),
        ("@font-face { src: url('https://x.example/f.woff2') }", ["https://x.example/f.woff2"]),
        ('@import "https://x.example/s.css";', ["https://x.example/s.css"]),
        (
            '<a href="https://example.org">a link</a> <img src="_images/a.png"> <script src="b.js"></script>',
            [],
        ),
    ],
)
def test_what_a_page_loads_from_elsewhere_is_found(page, addresses):
    assert tool("offline").loaded(page) == addresses


def built(source: Path, page: str) -> subprocess.CompletedProcess:
    """A site of one page, built as ours is."""
    source.mkdir()
    (source / "index.md").write_text(page, encoding="utf-8")
    (source / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(DOCS)!r})\n"
        "extensions = ['myst_parser', 'building.mathml', 'building.offline']\n"
        "myst_enable_extensions = ['dollarmath']\nhtml_math_renderer = 'mathml'\n"
    )
    command = [sys.executable, "-m", "sphinx", "-q", "--fail-on-warning", str(source), str(source / "site")]
    return subprocess.run(command, capture_output=True, text=True)


def test_formulas_are_mathml_and_wrong_ones_end_the_build(tmp_path):
    pytest.importorskip("myst_parser", reason="Sphinx comes with the extra docs")
    right = built(tmp_path / "right", "# A\n\nInline $x^2$.\n\n$$\\sup_f \\frac{a}{b}$$\n")
    assert right.returncode == 0, right.stderr
    page = (tmp_path / "right" / "site" / "index.html").read_text(encoding="utf-8")
    assert page.count("<math") == 2
    assert "<mfrac>" in page
    assert tool("offline").loaded(page) == []
    wrong = built(tmp_path / "wrong", "# A\n\n$\\nosuchcommand$\n")
    assert wrong.returncode == 1
    assert "nosuchcommand" in wrong.stderr


def test_a_page_that_loads_something_ends_the_build(tmp_path):
    pytest.importorskip("myst_parser", reason="Sphinx comes with the extra docs")
    done = built(tmp_path / "page", '# A\n\n<script src="https://cdn.example/x.js"></script>\n')
    assert done.returncode != 0
    assert "index.html loads https://cdn.example/x.js" in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DOCS.parent)))
def test_files_and_names_that_a_page_mentions_are_there(page):
    codes = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    files = [code for code in codes if re.fullmatch(r"[\w-]+/[\w/-]*(?:\.py|\.csv|\.md|\.png|/)", code)]
    places = (DOCS.parent, DOCS.parent / "src" / "pushforward", page.parent, DOCS.parent / "benchmarks")
    assert [file for file in files if not any((place / file).exists() for place in places)] == []
    names = [code for code in codes if re.fullmatch(r"(?:pf|pushforward)(?:\.\w+)+", code)]
    assert [name for name in names if not resolves(name.replace("pf.", "pushforward.", 1))] == []


def resolves(name: str) -> bool:
    """Whether a dotted name of the package leads to something."""
    try:
        return pkgutil.resolve_name(name) is not None
    except (AttributeError, ImportError):
        return False
