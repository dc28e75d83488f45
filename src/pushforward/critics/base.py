"""A critic, a learnt representation in front of a discrepancy, and the hooks of what keeps it honest."""

from functools import cached_property
from typing import TypeGuard

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.discrepancies import Discrepancy
from pushforward.networks import takes
from pushforward.spaces import Batch
from pushforward.tuning import Steps


class View:
    """A batch as constraints see it: points, features, labels and D, each computed once, when first asked for.

    Args:
        D: the discrepancy behind the critic.
        f: the critic.
        x: data.
        y: model samples.
        learns: whether the critic is about to step, so that derivatives of f must have derivatives themselves.
        slopes: whether f(x) and f(y) are to be differentiated in x and y.
        layers: whether the outputs of the critic's layers are to be kept.
    """

    def __init__(
        self,
        D: Discrepancy,
        f: nn.Module,
        x: Batch,
        y: Batch,
        learns: bool = True,
        slopes: bool = False,
        layers: bool = False,
    ):
        self.D, self.f, self.learns, self.slopes, self.layers = D, f, learns, slopes, layers
        self.x, self.y = (leaf(x), leaf(y)) if slopes else (x, y)
        self._activations: list[Tensor] = []

    @cached_property
    def own_fx(self) -> Tensor:
        """f(x) at this process's rows."""
        return self._represent(self.x)

    @cached_property
    def own_fy(self) -> Tensor:
        """f(y) at this process's rows."""
        return self._represent(self.y)

    @cached_property
    def fx(self) -> Tensor:
        """f(x) at the rows of all processes."""
        return ranks.gather(self.own_fx)

    @cached_property
    def fy(self) -> Tensor:
        """f(y) at the rows of all processes."""
        return ranks.gather(self.own_fy)

    @cached_property
    def value(self) -> Tensor:
        """D(f(x), f(y))."""
        return self.D(self.fx, self.fy)

    @cached_property
    def surrogate(self) -> Tensor:
        """The value that the sampler lowers; f(x) is not computed where only the samples' side counts."""
        return self.D.surrogate(self.fy[:0] if self.D.one_sided else self.fx, self.fy)

    @property
    def activations(self) -> list[Tensor]:
        """The outputs of the critic's layers at this process's x and y, for a constraint that asks for `layers`."""
        _ = self.own_fx, self.own_fy
        return self._activations

    def witness(self, h: Batch) -> Tensor:
        """Return the function whose means D compares, at points h."""
        return self.D.witness(represent(self.f, h), self.fx, self.fy)

    def _represent(self, batch: Batch) -> Tensor:
        hooks = [m.register_forward_hook(self._keep_output) for m in self.f.modules() if self.layers and has_weights(m)]
        with torch.set_grad_enabled(torch.is_grad_enabled() or self.slopes):
            features = represent(self.f, batch)
        for hook in hooks:
            hook.remove()
        return features

    def _keep_output(self, layer: nn.Module, inputs: object, output: Tensor) -> None:
        self._activations.append(output)


def leaf(batch: Batch) -> Batch:
    """Return the batch with points that require gradients; those that have a graph keep it."""
    return batch if batch.x.requires_grad else batch._replace(x=batch.x.detach().requires_grad_())


Layer = nn.Linear | nn.modules.conv._ConvNd
"""A linear map or a convolution."""


def has_weights(layer: nn.Module) -> TypeGuard[Layer]:
    """Return whether a layer is a linear map or a convolution."""
    return isinstance(layer, Layer)


def represent(f: nn.Module, batch: Batch) -> Tensor:
    """Return f at the points of a batch, with their labels and codes if f takes them."""
    return f(batch.x, **{name: getattr(batch, name) for name in takes(f) if name in Batch._fields})


class Constraint:
    """A constraint that keeps a critic honest; each of its hooks does nothing unless overridden.

    `slopes` says that it differentiates f(x) or f(y) in the points, `layers` that it reads the layers' outputs: a
    `View` then prepares for it.
    """

    slopes: bool = False
    layers: bool = False

    def suits(self, D: Discrepancy) -> None:
        """Refuse a discrepancy, with the reason; called once, when the critic is made."""

    def attach(self, f: nn.Module) -> None:
        """Reparametrise f, or refuse it with the reason; called once, when the critic is made."""

    def tax(self, v: View) -> Tensor | float:
        """Return what is subtracted from what the critic raises."""
        return 0.0

    def scale(self, v: View, value: Tensor) -> Tensor:
        """Return what critic and sampler both see instead of the value."""
        return value

    def project(self, f: nn.Module) -> None:
        """Change f before the critic's next step."""


class Adversarial(nn.Module, Discrepancy):
    """sup_f D(f(x), f(y)) over critics f that keep to the constraints; itself a discrepancy.

    A number that D keeps from batch to batch is the buffer `kept`.

    Args:
        D: compares features; its `surrogate` is what the sampler lowers.
        f: the critic, (n, …) → (n, outputs).
        constraints: applied in the order given.
        critic_steps: of the critic between two steps of the sampler.
    """

    kept: Tensor

    def __init__(self, D: Discrepancy, f: nn.Module, *constraints: Constraint, critic_steps: int | Steps = 1):
        super().__init__()
        self.D, self.f, self.constraints, self.critic_steps = D, f, constraints, critic_steps
        for c in constraints:
            c.suits(D)
            c.attach(f)
        if D.memory is not None:
            self.register_buffer("kept", torch.tensor(D.memory))

    def objective(self, x: Batch, y: Batch) -> Tensor:
        """Return what the critic raises: the value, scaled, less the taxes."""
        return self.raised(self.view(x, y))

    def loss(self, x: Batch, y: Batch) -> Tensor:
        """Return what the sampler lowers: the surrogate, scaled."""
        return self.lowered(self.view(x, y, learns=False))

    def raised(self, v: View) -> Tensor:
        """Return what the critic raises, of a batch that was looked at by `view`."""
        value = self._scaled(v, v.value)
        for c in self.constraints:
            value = value - c.tax(v)
        return value

    def lowered(self, v: View) -> Tensor:
        """Return what the sampler lowers, of a batch that was looked at by `view`."""
        return self._scaled(v, v.surrogate if self.D.memory is None else self._recalled(v))

    def project(self) -> None:
        """Force the critic back into its set before its next step."""
        for c in self.constraints:
            c.project(self.f)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self._scaled(v := self.view(Batch(x), Batch(y)), v.value)

    def surrogate(self, x: Tensor, y: Tensor) -> Tensor:
        """Return what the sampler lowers, for points without labels."""
        return self.loss(Batch(x), Batch(y))

    def witness(self, h: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Return the function whose means D compares, at points h."""
        return View(self.D, self.f, Batch(x), Batch(y)).witness(Batch(h))

    def view(self, x: Batch, y: Batch, learns: bool = True, layers: bool = False) -> View:
        """Return the batch as the constraints see it.

        Args:
            x: data.
            y: model samples.
            learns: whether the critic is about to step.
            layers: whether the outputs of the critic's layers are kept, though no constraint asks for them.
        """
        slopes, asked = any(c.slopes for c in self.constraints), any(c.layers for c in self.constraints)
        return View(self.D, self.f, x, y, learns, slopes, layers or (learns and asked))

    def _recalled(self, v: View) -> Tensor:
        """Return the surrogate with the number that is kept for it, which training updates first."""
        fx = v.fy[:0] if self.D.one_sided else v.fx
        if self.training:
            with torch.no_grad():
                self.kept.copy_(self.D.remembered(self.kept, fx, v.fy))
        return self.D.recalled(self.kept.clone(), fx, v.fy)

    def _scaled(self, v: View, value: Tensor) -> Tensor:
        for c in self.constraints:
            value = c.scale(v, value)
        return value
