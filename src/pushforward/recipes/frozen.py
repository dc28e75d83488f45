"""The frozen features of a recipe, a map that gradients pass through; those of a run are opened when it is fitted."""

from torch import Tensor

from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.feature_space import RUN


class Frozen:
    """x ↦ e(x), frozen, through which gradients pass; its weights are no part of a game, nor of a checkpoint.

    Args:
        features: e, or run:FOLDER for the codes of a run, which `learn_in` gives before the first turn.
        recipe: for sentences that refuse.

    Raises:
        Refused: for another word.
    """

    def __init__(self, features: Features | str, recipe: str):
        self.recipe, self.run = recipe, ""
        self.features: Features | None = None
        if isinstance(features, str):
            if not features.startswith(RUN) or features == RUN:
                raise Refused(f"--features of {recipe} must be a map through which gradients pass, such as RandomConv, "
                              f"or run:FOLDER, the codes of a run, got {features!r}.")  # fmt: skip
            self.run = features
        else:
            self.features = features

    def learn_in(self, features: Features) -> None:
        """Take the codes of the run that is named."""
        self.features = features

    def __call__(self, x: Tensor) -> Tensor:
        """Return the features of points, on their device.

        Raises:
            Refused: where nobody has opened the run, or gradients do not pass.
        """
        if self.features is None:
            raise Refused(f"{self.recipe} matches samples in {self.run}, which `fit` opens before the first turn; fit "
                          "the game, or give features.")  # fmt: skip
        z = self.features.block(x.float().cpu()).to(x.device)
        if x.requires_grad and not z.requires_grad:
            raise Refused(
                f"features of {self.recipe} must pass gradients, which {type(self.features).__name__} does not."
            )
        return z
