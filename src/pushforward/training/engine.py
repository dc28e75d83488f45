"""Device, precision and processes, and what a network makes of them."""

import torch
from accelerate import Accelerator
from torch import nn

from pushforward import ranks


def engine(device: str, bf16: bool) -> Accelerator:
    """Device, precision and processes.

    Args:
        device: "auto" for an accelerator where there is one, or "cpu", "cuda".
        bf16: whether matrix products run in bfloat16; parameters, kernels and penalties stay in float32.
    """
    from accelerate.state import AcceleratorState

    # device and precision are global otherwise, and a second fit could not choose its own
    AcceleratorState._reset_state(reset_partial_state=ranks.size() == 1)
    return Accelerator(cpu=device == "cpu", mixed_precision="bf16" if bf16 else "no")


def convolutional(game: nn.Module) -> bool:
    """Whether pictures pass through convolutions, which are faster with channels last."""
    return any(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in game.modules())


def small(game: nn.Module) -> bool:
    """Whether a second thread would wait more than it works: no convolutions and fewer than two million parameters."""
    return not convolutional(game) and sum(p.numel() for p in game.parameters()) < 2_000_000


def same_start(game: nn.Module) -> None:
    """Every process begins with the parameters of the first."""
    if ranks.size() > 1:
        for t in game.state_dict().values():
            torch.distributed.broadcast(t, 0)
