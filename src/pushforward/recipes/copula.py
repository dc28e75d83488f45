"""The Gaussian copula of a table: the correlations of normal scores, and columns by their own quantiles."""

from pushforward.games import SeenCellsFit
from pushforward.recipes.base import recipe
from pushforward.recipes.table_columns import demand_columns, ordered_columns
from pushforward.samplers import GaussianCopula
from pushforward.spaces import Space


@recipe
def copula(space: Space, ridge: float = 1e-4, conditional: bool = True) -> SeenCellsFit:
    """y_j = F_j⁻¹(Φ(s_j)), s ~ N(0, C): columns by their own quantiles, tied by the correlations of normal scores.

        once: C ← correlations of the scores behind all cells: Φ⁻¹ of their ranks, of ties drawn given other columns

    A baseline: pairs are right where a normal law is; levels get the order in which other columns change most. The run
    folder holds the training rows.

    Args:
        space: of the data, a table.
        ridge: added to the diagonal of C.
        conditional: whether the class is one more column where data are labelled; else it is left out.
    Source: as of `GaussianCopula`: Patki, Wedge, Veeramachaneni (2016), the Synthetic Data Vault.
    """
    demand_columns(space, "copula")
    blocks, order = ordered_columns(space, (), "copula")
    return SeenCellsFit(space, GaussianCopula(blocks, order, len(space.classes) if conditional else 0, ridge))
