"""A product of marginal laws: each column drawn from its own cells, whatever the others are."""

from pushforward.games import SeenCellsFit
from pushforward.recipes.base import recipe
from pushforward.recipes.table_columns import demand_columns, ordered_columns
from pushforward.samplers import TreeChain
from pushforward.spaces import Space


@recipe
def independent(space: Space) -> SeenCellsFit:
    """y_j ~ the j-th cells of the data: every column by itself, the yardstick of what knows nothing of pairs.

        once: keep the rows;  draws take a random row for each column, and its cell

    Args:
        space: of the data, a table.
    Source: Fréchet (1951), Annales de l'Université de Lyon A 14, for laws of given margins; this is the simplest.
    """
    demand_columns(space, "independent")
    blocks, order = ordered_columns(space, (), "independent")
    return SeenCellsFit(space, TreeChain(blocks, order, None))
