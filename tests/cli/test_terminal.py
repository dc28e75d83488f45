"""What comes from files is shown on a terminal and never obeyed by it."""

import json
import unicodedata

import numpy as np
import pytest

from pushforward.errors import printable

ATTACK = "a\x1b[2J\x9b31m\u202e\u2028\r\x07b"


def shown(text):
    """Whether a terminal shows every character, line breaks apart."""
    return all(unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp", "Cs"} for c in text.replace("\n", ""))


@pytest.mark.parametrize(
    "text", ["", "plain", "µ² × é 猫 \u00a0 “”", ATTACK, "a\nb\tc", "\x00\x7f\x85", "\ufeff\U000e0041"]
)
def test_printable_is_what_json_writes_of_what_cannot_be_seen(text):
    found = printable(text)
    assert shown(found)
    assert "\n" not in found
    assert json.loads(f'"{found}"') == text
    assert (found == text) == (shown(text) and "\n" not in text)
    assert printable(text, lines=True).count("\n") == text.count("\n")


def test_a_refusal_quotes_a_file_without_its_control_characters(shell, tmp_path):
    (tmp_path / "c.yaml").write_text(json.dumps({"recipe": ATTACK}))
    for argv in (["score", f"{ATTACK}.npy", "b.npy"], ["fit", "--config", "c.yaml"], [ATTACK], ["fit", ATTACK]):
        answer = shell(*argv)
        assert answer.code == 2
        assert shown(answer.err)
        assert "\\u001b[2J" in answer.err or "\\x1b[2J" in answer.err  # as Python quotes a word
        assert answer.err.count("\n") == 1


def test_names_of_files_columns_and_classes_are_shown(shell, tmp_path):
    rng = np.random.default_rng(0)
    for name in ("real", "fake"):
        rows = [f"{a:.3f},{b:.3f}" for a, b in rng.normal(size=(30, 2))]
        text = "\n".join([f'"{ATTACK.replace(chr(13), "")}",y', *rows])
        (tmp_path / f"{name}\x1b[2J.csv").write_text(text, encoding="utf-8")
    for more in ([], ["--json"]):
        answer = shell(
            "score", tmp_path / "real\x1b[2J.csv", tmp_path / "fake\x1b[2J.csv", "--metrics", "energy", *more
        )
        assert answer.code == 0, answer.err
        assert shown(answer.out)
        assert shown(answer.err)
    assert json.loads(answer.out)["real"].endswith("real\x1b[2J.csv")


def test_a_class_cannot_pass_for_a_line_of_the_verdict():
    from pushforward.cli.results import print_result

    found = {"verdict": "One line.\nAnother.", "models": {"a\nVerdict: perfect": {"n": 1}}, "warnings": ["x\ny"]}
    lines = []
    print_result(found, dict, lambda result: lines.append(result) or "")
    assert lines[0]["verdict"] == "One line.\nAnother."
    assert list(lines[0]["models"]) == ["a\\nVerdict: perfect"]
    assert lines[0]["warnings"] == ["x\\ny"]
