"""The density ratio r = p/q at the samples, by kernel mean matching."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.gram import Gram
from pushforward.errors import Refused
from pushforward.kernels.pairwise import full_precision


def density_ratio(gram: Gram, ridge: float = 1e-3) -> Float[Tensor, " m"]:
    """r̂ = (m/n)·(K_yy + εI)⁻¹ K_yx 1 at the samples y, one solve a component, averaged over them.

    Differentiable through the solve. Neither positive nor of mean one by construction: both hold as n and m grow and ε
    falls. Costs m³ a component.

    Args:
        gram: kernel matrices of data x and samples y.
        ridge: ε, above 0; relative to kernel values of order one.
    Raises:
        Refused: if the ridge is not positive.
    Source: Huang et al. (2007), NeurIPS 19; Srivastava et al. (2020), arXiv 1806.00101.
    Example:
        >>> from pushforward.kernels import Gaussian
        >>> x = torch.tensor([[0.0], [1.0]])
        >>> density_ratio(Gram(Gaussian(1.0), x, x), ridge=1e-6)
        tensor([1.0000, 1.0000])
    """
    if not ridge > 0:
        raise Refused(f"ridge of density_ratio must be above 0, got {ridge}; 0.001 is usual.")
    with full_precision(gram.y):
        K = gram.yy_components
        target = gram.xy_components.sum(1) * (gram.m / gram.n)
        ridged = K + ridge * torch.eye(gram.m, dtype=K.dtype, device=K.device)
        return torch.linalg.solve(ridged, target.unsqueeze(-1)).squeeze(-1).mean(0)
