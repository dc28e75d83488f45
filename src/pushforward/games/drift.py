"""The loop that follows a field: each sample is regressed on where the field moves it."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward import ranks
from pushforward.fields import Field
from pushforward.games.base import Game, TrainingRows, Turn
from pushforward.kernels.bandwidth import ROWS
from pushforward.samplers import Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Drift(Game):
    """min_g mean ‖y − sg(y + V(y))‖², y = g(z), V a field of these samples among data, sg a constant.

        repeat: V_c(y_i) from x and y, within each class if g takes labels, one a scale c of the field
                V = Σ_c V_c / √mean V_c²          (normalised; else Σ_c V_c)
                g descends  mean_i ‖y_i − sg(y_i + V(y_i))‖²

    The loss of a normalised field is about constant, and no sign of anything: the log has `drift` beside it, the root
    mean square of Σ_c V_c before it is normalised.

    Args:
        space: of the points.
        sampler: g#µ.
        field: V.
        normalised: whether each component is divided by its root mean square over samples and coordinates.
        features: e, a frozen map of points to rows, differentiable: the loop sees e(x) and e(y) in place of x and y,
            and the gradient passes through e. A module is put into evaluation mode and learns nothing.
        tune: the sampler's optimiser.
        batch_size: points of data, and samples, in a step.
    """

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        field: Field,
        normalised: bool = True,
        features: Callable[[Tensor], Tensor] | None = None,
        tune: Optimizer = Adam(),
        batch_size: int = 256,
    ):
        super().__init__()
        self.space, self.sampler, self.batch_size = space, sampler, batch_size
        self.field, self.normalised, self.features = field, normalised, features
        if isinstance(features, nn.Module):
            features.requires_grad_(False).eval()
        self.tune: Mapping[str, Optimizer] = {"sampler": tune}

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        x, g = batch(), self.sampler
        y = g(len(x.x), x.label)
        points = ranks.gather(self._seen(y.x))
        label = None if x.label is None or y.label is None else ranks.gather(y.label)
        with torch.no_grad():
            data = ranks.gather(self._seen(x.x))
        V = self.drifts(points, data, label)
        goal = points.detach() + (unit(V) if self.normalised else V).sum(0)
        turn.minimize(g, (points - goal).square().sum(1).mean(), drift=V.sum(0).square().mean().sqrt())

    def prepare(self, data: TrainingRows) -> None:
        """Take what the field chooses by the data, as a median distance."""
        with torch.no_grad():
            self.field = self.field.fitted(self._seen(data.all(ROWS).x.to(self.sampler.device)))

    def train(self, mode: bool = True) -> "Drift":
        """Set the mode of the sampler; features stay as they are."""
        super().train(mode)
        if isinstance(self.features, nn.Module):
            self.features.eval()
        return self

    def drifts(self, y: Float[Tensor, "n d"], x: Float[Tensor, "n d"], label: Tensor | None) -> Float[Tensor, "c n d"]:
        """V_c(y_i), among the data and samples of its own class where there are labels.

        Args:
            y: samples.
            x: data.
            label: of both; None for one class.
        """
        if label is None:
            return self.field.components(y, x)
        order, numbers = label.argsort(stable=True), label.unique(return_counts=True)[1].tolist()
        sides = zip(y[order].split(numbers), x[order].split(numbers), strict=True)
        parts = torch.cat([self.field.components(*side) for side in sides], 1)
        return parts[:, order.argsort()]

    def _seen(self, points: Tensor) -> Float[Tensor, "n d"]:
        """Return the points as the field sees them, one row each."""
        return (points if self.features is None else self.features(points)).flatten(1)


def unit(V: Float[Tensor, "c n d"]) -> Float[Tensor, "c n d"]:
    """V_c / √mean V_c², and nearly zero where V_c is so small that its squares vanish."""
    return V / V.square().mean((1, 2), keepdim=True).sqrt().clamp_min(torch.finfo(V.dtype).tiny ** 0.5)
