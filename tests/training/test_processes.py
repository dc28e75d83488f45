"""Several processes are one: the same step, one folder, one end."""

import json
import socket
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

SCRIPT = Path(__file__).parent / "scripts" / "ranked.py"


@pytest.fixture
def ranked(child, tmp_path):
    """What each of `size` processes found in a scenario: plain values, then tensors."""

    def run(scenario: str, size: int = 2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        names = {"size": size, "port": port, "folder": str(tmp_path), "scenario": scenario}
        processes = [child(SCRIPT, rank=rank, **names) for rank in range(size)]
        for process in processes:
            process.join(120)
        said = [(tmp_path / f"stderr-{rank}").read_text() for rank in range(size)]
        assert [p.exitcode for p in processes] == [0] * size, said
        lines = [line for text in said for line in text.splitlines()]
        assert [line for line in lines if not line.startswith("Reading ")] == [], "but for the data that a run names"
        stems = [tmp_path / f"{scenario}-{size}-{rank}" for rank in range(size)]
        found = [json.loads(s.with_suffix(".json").read_text()) for s in stems]
        files = [s.with_suffix(".safetensors") for s in stems]
        return found, [load_file(f) if f.exists() else {} for f in files]

    return run


def test_one_step_on_two_processes_is_one_step_on_one(ranked):
    """Every recipe of the script by plain descent, so that a step shows the gradient.

    In float64, where sums in another order move a gradient by 1e-16 of its terms; in float32 by 1e-7 of them, which may
    be more than the design's 1e-6 where terms cancel, as the processor has it.
    """
    _, (alone,) = ranked("one_step", size=1)
    _, (first, second) = ranked("one_step", size=2)
    assert first.keys() == alone.keys()
    for name in alone:
        assert torch.equal(first[name], second[name]), name
        torch.testing.assert_close(first[name], alone[name], rtol=0, atol=1e-11, msg=name)


def test_processes_stay_together(ranked):
    """Batch norm's statistics are each process's own, the parameters are not."""
    _, (first, second) = ranked("several_turns")
    assert [name for name in first if not torch.equal(first[name], second[name])] == []


def test_gathered_rows_have_exact_gradients_and_processes_agree(ranked):
    found, tensors = ranked("gathering")
    x, w = tensors[0]["x"].requires_grad_(), tensors[0]["weight"].requires_grad_()
    h = (x @ w).tanh()
    loss = (h @ h.T).exp().mean() + h.sum(0).square().sum()
    by_rows, by_weight = torch.autograd.grad(loss, [x, w])
    # sums of six terms in another order: a few units in the last place of numbers below a thousand
    close = {"rtol": 1e-13, "atol": 1e-12}
    for own in tensors:
        torch.testing.assert_close(own["value"], loss.detach(), **close)
        torch.testing.assert_close(own["by_weight"], by_weight, **close)
    torch.testing.assert_close(torch.cat([own["by_rows"] for own in tensors]), by_rows, **close)
    for own in found:
        assert own["agree"] == [1.0, 1.0, 0.0]
        assert own["nobody"] == [0.0]
        assert own["first"] == {"rank": 0}
        assert own["refused"] == "no folder."
        assert "a batch of 7 does not divide among 2 processes" in own["uneven"]


def test_a_whole_run_on_two_processes(ranked, tmp_path):
    found, (first, second) = ranked("whole_run")
    for own in found:
        message, signal = own["stopped"]
        assert message.startswith("interrupted at turn 5")
        assert signal == 15
        assert own["path"] == "runs/gram-rows"
        assert own["second"] == "runs/gram-rows-2"
        assert own["batch"] == 14  # 15 does not divide by two
        assert "exists already" in own["refused"]
    assert torch.equal(first["samples"], second["samples"])
    assert torch.equal(first["samples"], first["again"]), "interrupted and resumed, or not"
    turns = [json.loads(line)["turn"] for line in (tmp_path / "runs/gram-rows/log.jsonl").read_text().splitlines()]
    assert turns == sorted([*range(1, 11)] * 2), "two players, written once"
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == ["gram-rows", "gram-rows-2"]


def test_a_budget_in_minutes_ends_everywhere_at_once(ranked):
    found, _ = ranked("by_the_clock")
    assert found[0]["turn"] == found[1]["turn"] > 0


def test_every_process_says_why_it_failed(ranked):
    found, _ = ranked("failing")
    assert found[0]["failed"] == found[1]["failed"]
    assert "the last good checkpoint" in found[0]["failed"] or "no checkpoint was written" in found[0]["failed"]
