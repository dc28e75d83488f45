"""Every run chooses its device and precision anew."""

import pytest
import torch

from pushforward.training import engine


def test_the_device_of_an_earlier_run_does_not_stay(monkeypatch):
    monkeypatch.setenv("ACCELERATE_TORCH_DEVICE", "meta")
    assert engine("auto", bf16=False).device.type == "meta"
    monkeypatch.delenv("ACCELERATE_TORCH_DEVICE")
    assert engine("cpu", bf16=False).device.type == "cpu"


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_the_precision_of_an_earlier_run_does_not_stay(order):
    for bf16 in order:
        with engine("cpu", bf16).autocast():
            product = torch.randn(2, 2) @ torch.randn(2, 2)
        assert product.dtype == (torch.bfloat16 if bf16 else torch.float32)
