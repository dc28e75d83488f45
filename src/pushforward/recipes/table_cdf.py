"""The inverse CDFs for tables: column after column, of numbers and of levels, fitted by likelihood."""

from pushforward.games import Likelihood
from pushforward.recipes.base import recipe
from pushforward.recipes.table_columns import demand_columns, ordered_columns
from pushforward.samplers import TableCDF
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer

ROWS = 200_000
"""Rows of which bins are taken, at most."""

PATIENCE = 4
"""Probes in a row that find worse states than the best, after which training ends: small tables overfit soon."""


@recipe
def table_cdf(
    space: Space,
    width: int = 512,
    depth: int = 2,
    octaves: int = 6,
    dropout: float | None = None,
    floor: float = 1e-3,
    first: str | tuple[str, ...] = (),
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.02)),
    batch_size: int = 512,
) -> Likelihood:
    """x_i = F⁻¹(u_i | columns before), u uniform, F a CDF on levels or ranks: an exact density, and rows as they are.

        repeat: a masked network reads the masses of every column's digits off the columns before it, of all at once
                networks descend  −mean Σ_i log p(x_i | columns before) / d

    Args:
        space: of the data, a table or rows of numbers.
        width: units of the network's hidden layers.
        depth: those after the first.
        octaves: of the sines and cosines of ranks that it sees.
        dropout: share of its hidden units; none for a tenth, and a fifth below 20,000 rows.
        floor: share of a fixed law in the density, 0 in samples.
        first: columns that come first, commas between; the others keep their order.
        conditional: whether the network takes the labels of labelled data.
        tune: the optimiser.
        batch_size: rows in a step.
    Source: as of `TableCDF`: Germain et al. (2015), arXiv 1502.03509.
    Differs: digits of ranks and levels in place of pixels; residual layers.
    """
    demand_columns(space, "table-cdf")
    classes = len(space.classes) if conditional else 0
    blocks, columns = ordered_columns(space, first, "table-cdf")
    order = [i for column in columns for i in column]
    sampler = TableCDF(blocks, order, width, depth, octaves, dropout, floor, classes)
    return Likelihood(space, sampler, tune, batch_size, rows=ROWS, chosen=True, patience=PATIENCE)
