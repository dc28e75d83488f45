"""The loop of a sampler whose samples are to have the data's law where frozen features see them."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import one_hot

from pushforward.critics import Adversarial
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.matching import Matching
from pushforward.samplers import Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

ROWS, BLOCK = 10_000, 500
"""The most rows of data that samples are compared with, and how many of them are seen at a time."""


class FeatureMatching(Matching):
    """min_g D(e(P), e(g#µ)), e frozen features in coordinates that are fitted to the data, and classes beside them.

        once:    e is completed by the data; e(x) of up to 10,000 rows is kept
        repeat:  g descends  D(e(x), e(g(z)))

    All data stand on one side at every turn, so that only the batch of samples makes D vary. Where the sampler takes
    labels, rows have a coordinate for each class beside the features, √K for its own and 0 for others, of about the
    size of whitened features: moments of both together are those of every class.

    Args:
        space: of the points.
        sampler: g#µ.
        discrepancy: D, without a critic.
        features: frozen, through which gradients pass.
        fitted: of the data's features, one row each, gives their map to what is compared, such as components.
        tune: the sampler's optimiser.
        batch_size: samples in a step.

    Raises:
        Refused: for a discrepancy with a critic, which would never learn.
    """

    reads_labels = True
    augmentable = False

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        discrepancy: Discrepancy,
        features: Callable[[Tensor], Tensor],
        fitted: Callable[[Tensor], Callable[[Tensor], Tensor]],
        tune: Optimizer = Adam(),
        batch_size: int = 512,
    ):
        super().__init__(space, sampler, discrepancy, tune, batch_size=batch_size)
        if isinstance(discrepancy, Adversarial):
            raise Refused(
                "discrepancy of FeatureMatching must have no critic, which would never learn; give the one behind."
            )
        self.features, self.fitted = features, fitted
        self._map: Callable[[Tensor], Tensor] | None = None
        self._rows: Tensor | None = None

    def prepare(self, data: TrainingRows) -> None:
        """Fit the last map to the data, and keep what is seen of them."""
        x, device = data.all(ROWS), self.sampler.device
        with torch.no_grad():
            z = torch.cat([self.features(part.to(device)).flatten(1) for part in x.x.split(BLOCK)])
            self._map = self.fitted(z)
            self._rows = self._beside(self._map(z), None if x.label is None else x.label.to(device))
        self.discrepancy = self.discrepancy.fitted(self._rows)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        assert self._rows is not None  # prepared
        x = batch()
        y = self.sampler(len(x.x), x.label)
        turn.minimize(self.sampler, self.discrepancy.loss(Batch(self._rows), Batch(self.seen(y))))

    def seen(self, y: Batch) -> Float[Tensor, "n d"]:
        """Return e(y), with the classes beside it.

        Args:
            y: points, with labels where the sampler takes them.
        """
        assert self._map is not None  # prepared
        return self._beside(self._map(self.features(y.x).flatten(1)), y.label)

    def _beside(self, z: Tensor, label: Tensor | None) -> Tensor:
        classes = self.sampler.classes
        if not classes or label is None:
            return z
        return torch.cat([z, one_hot(label, classes).to(z) * classes**0.5], 1)
