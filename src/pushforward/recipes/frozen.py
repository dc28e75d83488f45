"""The frozen features of a recipe, as a map that gradients pass through."""

from collections.abc import Callable

from torch import Tensor

from pushforward.errors import Refused
from pushforward.features import Features


def through(features: Features, recipe: str) -> Callable[[Tensor], Tensor]:
    """Return the map of a batch of points to features, through which gradients pass.

    Args:
        features: frozen.
        recipe: for the sentence that refuses them.
    """

    def seen(x: Tensor) -> Tensor:
        z = features.block(x.float().cpu()).to(x.device)
        if x.requires_grad and not z.requires_grad:
            raise Refused(f"features of {recipe} must pass gradients, which {type(features).__name__} does not.")
        return z

    return seen
