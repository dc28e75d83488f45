"""The form in which networks were taught to see pictures: three channels of 8 bits."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused


def rgb(x: Tensor, low: float, high: float, whose: str) -> Float[Tensor, "n 3 h w"]:
    """Return pictures in whole numbers 0..255, as files hold them, gray ones on three equal channels.

    A gradient passes through the rounding as if there were none.

    Args:
        x: pictures, channels first; 8-bit ones bring their own black and white.
        low: value of black.
        high: value of white.
        whose: what asks for pictures, for the sentence that refuses others.

    Raises:
        Refused: for points that are no pictures of one or three channels.
    Example:
        >>> rgb(torch.tensor([-1.0, 0.0, 1.0]).reshape(1, 1, 1, 3), -1.0, 1.0, "me")[0, 2, 0]
        tensor([  0., 128., 255.])
    """
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise Refused(f"features {whose} need pictures (n, 1 or 3, height, width), got shape {tuple(x.shape)}.")
    if x.dtype != torch.uint8:
        exact = (x.float() - low) / (high - low) * 255
        x = exact.round().clamp(0, 255)
        x = exact + (x - exact).detach() if exact.requires_grad else x
    return x.float().expand(-1, 3, -1, -1)
