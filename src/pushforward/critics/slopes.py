"""The derivatives of a critic in its inputs, point by point."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from pushforward import ranks
from pushforward.critics.base import View, represent
from pushforward.errors import Refused
from pushforward.spaces import Batch


def refuse_batch_norm(f: nn.Module, owner: str) -> None:
    """Refuse a critic that normalises over the batch: its gradient in one point runs through all others.

    Raises:
        Refused: naming the layers.
    """
    layers = [name for name, m in f.named_modules() if isinstance(m, _BatchNorm) and m.training]
    if layers:
        raise Refused(
            f"{owner} needs the critic's gradient at each point, which batch norm ({', '.join(layers)}) mixes with the "
            "others'; choose a critic without it (--critic_network.critic_batch_norm false)."
        )


def slopes(v: View, h: Tensor, fh: Tensor) -> Tensor:
    """∇w(h_i), w the witness, at each of the points h, flattened, differentiable again.

    Args:
        v: the batch; its features are the witness's references, and carry gradients to f, but are no functions of h.
        h: points that require gradients.
        fh: f(h).
    """
    at = fh.view_as(fh)  # a name of its own: the references may be features of the same points
    (c,) = torch.autograd.grad(v.D.witness(at, v.fx, v.fy).sum(), at, create_graph=True)
    (slope,) = torch.autograd.grad(fh, h, c, create_graph=True)
    return slope.flatten(1)


def slopes_at(v: View, h: Batch) -> Tensor:
    """∇w(h_i) at new points, taken as constants."""
    h = h._replace(x=h.x.detach().requires_grad_())
    return slopes(v, h.x, represent(v.f, h))


def rows(v: View, again: bool) -> Iterator[Tensor]:
    """∂f_j/∂x at each of this process's data, flattened, for one output j after the other.

    Args:
        v: the batch.
        again: whether they are to be differentiated themselves.
    """
    for j in range(v.own_fx.shape[1]):
        c = torch.zeros_like(v.own_fx)
        c[:, j] = 1.0
        yield along(v, c, again)


def along(v: View, c: Tensor, again: bool) -> Tensor:
    """∇(c_i·f)(x_i) at each of this process's data, flattened, for constants c; `again` as above."""
    (slope,) = torch.autograd.grad(v.own_fx, v.x.x, c, create_graph=again, retain_graph=True)
    return slope.flatten(1)


def uniform(like: Tensor, *shape: int) -> Tensor:
    """Return U(0, 1) draws, a row for each point; all processes draw the global numbers and keep their share."""
    return ranks.share(torch.rand(len(like) * ranks.size(), *shape, dtype=like.dtype, device=like.device))


def partners(x: Batch, y: Batch) -> tuple[Batch, Batch]:
    """Return equally many points of each, at random from the larger batch."""
    count = min(len(x.x), len(y.x))
    return _at_random(x, count), _at_random(y, count)


def _at_random(batch: Batch, count: int) -> Batch:
    if len(batch.x) == count:
        return batch
    i = torch.randperm(len(batch.x), device=batch.x.device)[:count]
    return Batch(*(None if t is None else t[i] for t in batch))  # type: ignore[arg-type]  # x is never None
