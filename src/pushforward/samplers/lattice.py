"""The step between the values of coordinates that are whole multiples of one, which a density must fill."""

import torch
from jaxtyping import Float
from torch import Tensor

FEWEST = 2
"""Values below which there is no step."""

ROUNDING = 0.02
"""How far multiples may lie from whole ones, in steps: float32 holds a coordinate to 1e-7 of its size."""

LEVELS = 100_000
"""Steps in the extent of a coordinate beyond which float32 could not tell multiples from others."""


def grain(x: Float[Tensor, "n d"]) -> Float[Tensor, " d"]:
    """Return of each coordinate the step g of which all differences of its values are whole multiples; 0 without one.

    A coordinate of whole numbers, of counts, or of numbers with few decimals has one, in whatever unit. Its law has no
    density, and a model of one would grow without bound at the values: noise U(−g/2, g/2) makes it continuous, and the
    density of the sum is then the probability of a value over g, on average.

    Args:
        x: rows of data.
    Source: Theis, van den Oord, Bethge (2016), arXiv 1511.01844, section 3.1, for pictures.
    Example:
        >>> grain(torch.tensor([[0.0, 0.1], [0.5, 0.7], [2.0, 0.31], [0.5, 0.9]]))[0]
        tensor(0.5000)
    """
    return torch.stack([_step(column) for column in x.detach().double().cpu().T]).to(x)


def grey_step(x: Tensor, low: float, high: float) -> Float[Tensor, ""]:
    """Return the step between the grey levels of pictures: of all pixels together, or that of bytes; 0 without one.

    Values such as 0, 16, 32, …, 239, 255, of 17 levels spread over bytes and rounded, share no step but a byte's.

    Args:
        x: pictures.
        low: value of black.
        high: value of white.
    """
    step = grain(x.reshape(-1, 1))[0]
    if step:
        return step
    byte = torch.tensor((high - low) / 255).to(x)
    far = (x.unique() - low) / byte
    return byte if bool(((far - far.round()).abs() < ROUNDING).all()) else step


def _step(column: Float[Tensor, " n"]) -> Tensor:
    values = column.unique()
    if len(values) < FEWEST:
        return column.new_zeros(())
    gaps = values.diff()
    least = gaps.min()
    if values[-1] - values[0] > LEVELS * least:
        return column.new_zeros(())
    far = (values - values[0]) / least
    step = least * (far * far.round()).sum() / far.round().square().sum()  # least squares over all values
    far = (values - values[0]) / step
    whole = ((far - far.round()).abs() < ROUNDING).all()
    shared = len(values) < len(column)  # where every value is another, there may be a step by chance alone
    return step if bool(whole) and shared else column.new_zeros(())


def dequantised(x: Tensor, grain: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Return x + U(−g/2, g/2), coordinate by coordinate.

    Args:
        x: points.
        grain: g, of each coordinate or of all, 0 where values are continuous.
        generator: of the noise; torch's own if absent.
    """
    return x + (torch.rand(x.shape, generator=generator, device=x.device, dtype=x.dtype) - 0.5) * grain
