"""Every run chooses its device and precision anew."""

import pytest
import torch

from pushforward.training import engine


def test_auto_is_an_accelerator_where_there_is_one_and_cpu_is_the_processor():
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else torch.device("cpu")
    assert engine("auto", bf16=False).device.type == found.type
    assert engine("cpu", bf16=False).device.type == "cpu"


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_the_precision_of_an_earlier_run_does_not_stay(order):
    for bf16 in order:
        with engine("cpu", bf16).autocast():
            product = torch.randn(2, 2) @ torch.randn(2, 2)
        assert product.dtype == (torch.bfloat16 if bf16 else torch.float32)


def test_nobody_is_waited_for_without_a_launcher(monkeypatch):
    """A scheduler may say how many processes there are without having started this one as one of them."""
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    monkeypatch.setenv("WORLD_SIZE", "2")
    engine("cpu", bf16=False)
    assert not torch.distributed.is_initialized()
