"""The device, the precision and the processes of a run, and what a network makes of them."""

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn

from pushforward import ranks
from pushforward.critics import Adversarial
from pushforward.kernels.arithmetic import fast_bf16
from pushforward.samplers import LatentModel
from pushforward.spaces import Image

LEAST_PIXELS = 256
"""Coordinates of pictures from which on the products of fully connected encoders are worth their casts."""


@dataclass(frozen=True)
class Engine:
    """A *device* and a *precision* that networks are trained in.

    Args:
        device: where parameters and batches lie.
        bf16: whether matrix products run in bfloat16; parameters, kernels and penalties stay in float32.
    """

    device: torch.device
    bf16: bool

    def autocast(self) -> AbstractContextManager[object]:
        """Return a context in which matrix products are taken in that precision."""
        return torch.autocast(self.device.type, torch.bfloat16) if self.bf16 else nullcontext()


def engine(device: str, bf16: bool) -> Engine:
    """Return the engine of one run; under a launcher, this process joins the others.

    A launcher, such as torchrun, is whoever sets RANK, LOCAL_RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT.

    Args:
        device: "auto" for an accelerator where there is one, or "cpu", "cuda".
        bf16: as in `Engine`.
    """
    own_device = _own_device(device)
    if "LOCAL_RANK" in os.environ and int(os.environ["WORLD_SIZE"]) > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if own_device.type == "cuda" else "gloo")
    return Engine(own_device, bf16)


def _own_device(device: str) -> torch.device:
    """Return the device of this process: of several on one machine, each has the one of its number there."""
    automatic = device == "auto" and torch.accelerator.is_available()
    accelerator = torch.accelerator.current_accelerator() if automatic else None
    own = accelerator or torch.device("cpu" if device == "auto" else device)
    if own.type == "cuda" and "LOCAL_RANK" in os.environ:
        own = torch.device("cuda", int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
        torch.cuda.set_device(own)
    return own


def bf16_suits(game: nn.Module, device: str) -> bool:
    """Tell whether bfloat16 is faster here and was shown to lose nothing, on a processor with units for it.

    That is so for convolutions, and for bounds of the likelihood of pictures by codes, without a critic.

    Args:
        game: whose networks are meant.
        device: as in `engine`.
    """
    on_processor = device == "cpu" or (device == "auto" and not torch.accelerator.is_available())
    return on_processor and (convolutional(game) or _bounds_pictures(game)) and fast_bf16()


def convolutional(game: nn.Module) -> bool:
    """Tell whether pictures pass through convolutions, which are faster with channels last."""
    return any(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in game.modules())


def _bounds_pictures(game: nn.Module) -> bool:
    """Tell whether a bound of the likelihood of pictures is raised, by codes and without a critic."""
    g = getattr(game, "sampler", None)
    bound = isinstance(g, LatentModel) and isinstance(g.space, Image) and g.space.dim >= LEAST_PIXELS
    return bound and not any(isinstance(m, Adversarial) for m in game.modules())


def small(game: nn.Module) -> bool:
    """Tell whether a second thread would wait more than work: no convolutions, below two million parameters."""
    return not convolutional(game) and sum(p.numel() for p in game.parameters()) < 2_000_000


def same_start(game: nn.Module) -> None:
    """Let every process begin with the parameters of the first."""
    if ranks.size() > 1:
        for t in game.state_dict().values():
            dist.broadcast(t, 0)
