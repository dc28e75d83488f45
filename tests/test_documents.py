"""README and docs/ against the committed tables: every figure is one of a table's, or is listed as none."""

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def figures():
    """The checker as a module."""
    return import_module("benchmarks.checks.figures")


def test_every_figure_stands_in_its_table(figures):
    assert figures.main([]) == 0


TEXT = """KID is {kid}, and FID {fid}, of 10,000 images.
<!-- figures
critics_mnist[seed == 0]: row(method="sn_smmd").kid; row(method="sn_smmd").fid
given: 10,000
-->
"""

TABLE = """
| method | KID | FID |
|---|---:|---:|
| `sn_smmd` | {kid} ± 0.006 | {fid} |
| `wgan_gp` | 0.856 ± 0.008 | 258.9 |
<!-- figures
critics_mnist[seed == 0] by method: kid; kid_stderr; fid
-->
"""


@pytest.mark.parametrize("text", [TEXT, TABLE], ids=["text", "table"])
def test_a_figure_is_held_to_its_last_digit(figures, text):
    assert list(figures.check(text.format(kid="0.274", fid="63.8"))) == []
    for wrong in ({"kid": "0.275", "fid": "63.8"}, {"kid": "0.274", "fid": "63.9"}, {"kid": "0.856", "fid": "63.8"}):
        assert len(list(figures.check(text.format(**wrong)))) >= 1


def test_a_figure_without_a_table_is_told(figures):
    said = list(figures.check("A turn takes 1.7 s on 2 cores.\n\nNothing here.\n\nIt is 34 % less.\n"))
    assert [line for line, _ in said] == [1, 1, 5]
    assert [sentence.partition(" ")[0] for _, sentence in said] == ["1.7", "2", "34"]


def test_what_is_listed_must_be_there(figures):
    assert [s for _, s in figures.check("Of 5 rows.\n<!-- figures\ngiven: 5 7\n-->\n")] == [
        "7 is not among its figures"
    ]
    (told,) = figures.check("Nothing.\n<!-- figures\nmnist: row(method='gram', seed=0).kid\n-->\n")
    assert told[1].endswith("= 0.11142 is not among its figures")


def test_a_comment_that_cannot_be_read_is_told(figures):
    for line in ("nowhere: min(kid)", "mnist: min(kidd)", "mnist: row(method='gram').kid", "mnist min(kid)"):
        ((_, sentence),) = figures.check(f"A.\n<!-- figures\n{line}\n-->\n")
        assert sentence.startswith("its comment cannot be read: ")


def test_what_is_not_read(figures):
    text = (
        "Bińkowski et al. (2018), arXiv 1801.01401, section 4; 2026-11-21; torch 2.13.0; `kid < 0.3`; CIFAR-10;\n"
        "float64; k = 5 and n = 2,000; [a link](page-12.md); W₁; MMD²; $2\\,x_1$;\n$$4 +\n5 = 9$$\n"
        "\n```sh\nsleep 10\n```\n"
    )
    assert list(figures.check(text)) == []


@pytest.mark.parametrize(
    ("said", "value", "reach"),
    [
        ("1,284", 1284, 0.5),
        ("0.050", 0.05, 5e-4),
        ("−0.10", -0.1, 5e-3),
        ("7·10⁻⁸⁰", 7e-80, 5e-81),
        ("10⁻⁵", 1e-5, 5e-6),
    ],
)
def test_how_a_numeral_is_read(figures, said, value, reach):
    (found,) = figures.figures(f"It is {said} here.")
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.reach == pytest.approx(reach, rel=1e-12)


def test_what_recipes_got_is_what_the_tables_say(capsys):
    standing = import_module("benchmarks.checks.standing")
    assert standing.main(["--check"]) == 0, capsys.readouterr().out
