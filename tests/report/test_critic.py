"""The critic's section: figures, alarm and calibration; no section without a critic."""

import pytest
import torch
from torch import nn

from pushforward.critics.diagnostics import diagnose
from pushforward.discrepancies import JensenShannon, MeanDifference
from pushforward.report.page import run_page
from pushforward.report.run_files import read
from pushforward.spaces import Batch


def record(turn, D=None, layers=2, collapsed=False):
    """What a run writes at a probe."""
    torch.manual_seed(turn)
    hidden = [m for _ in range(layers - 2) for m in (nn.Linear(16, 16), nn.ReLU())]
    f = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), *hidden, nn.Linear(16, 1))
    if collapsed:
        with torch.no_grad():
            f[0].weight[:, 1:] = 0.0
    found = diagnose(D or JensenShannon(), f, Batch(torch.randn(40, 3)), Batch(torch.randn(40, 3)))
    return {"turn": turn, "seconds": turn * 0.03, **found}


def page(run, *records):
    for r in records:
        run.append_jsonl("diagnostics.jsonl", r)
    return run_page(read(run))


def test_without_a_critic_there_is_no_section(images):
    whole = page(images)
    assert "The critic</h2>" not in whole
    assert "diagnostics.jsonl" not in whole


def test_spectra_slopes_and_calibration_are_drawn(images):
    drawn = page(images, record(500), record(1000))
    before, _, section = drawn.partition("The critic</h2>")
    assert before
    assert section
    section = section.partition("</section>")[0]
    assert section.count("<img") == 3
    assert "No layer has lost its rank at any probe." in section
    assert "stable rank" in section
    assert "0.693 is a guess" in section


def test_an_alarm_is_said_when_it_stands_and_remembered_when_it_went(points):
    alarmed = page(points, record(500), record(1000, collapsed=True))
    assert "Alarm, first at turn 1,000: rank collapse: 1 of 2 layers" in alarmed
    healed = page(points, record(1500))
    assert "had lost its rank at 1 of 3 probes (turn 1,000), but has not now" in healed
    assert "Alarm, first" not in healed


def test_without_a_ratio_there_is_no_calibration(images):
    section = page(images, record(500, MeanDifference())).partition("The critic</h2>")[2].partition("</section>")[0]
    assert section.count("<img") == 2
    assert "density ratio" not in section


@pytest.mark.parametrize("layers", [2, 20])
def test_a_deep_critic_is_drawn_too(images, layers):
    assert "The critic</h2>" in page(images, record(10, layers=layers))


def test_damaged_notes_are_named(images):
    images.write_text("diagnostics.jsonl", '{"turn": 1, "layers"\n{"turn": 2}\n')
    assert "diagnostics.jsonl" in run_page(read(images))
