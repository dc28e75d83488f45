"""A chain of decision trees for tables, which small tables are served well by."""

from pushforward.games import SeenCellsFit
from pushforward.recipes.base import recipe
from pushforward.recipes.table_columns import demand_columns, ordered_columns
from pushforward.samplers import TreeChain
from pushforward.spaces import Space


@recipe
def cart(space: Space, leaf: int = 5, first: str | tuple[str, ...] = (), conditional: bool = True) -> SeenCellsFit:
    """y_j ~ the j-th cells of the rows in the leaf of y_1 … y_{j−1}: a tree a column, on the columns before it.

        once: for each column a tree on those before;  draws take a row of the leaf, and its cell

    The run folder holds the training rows, and samples are put together of their cells: more of them copy a row than of
    a model, which the verdict says.

    Args:
        space: of the data, a table.
        leaf: rows of a leaf, at least.
        first: columns that come first, commas between; others follow.
        conditional: whether trees take the labels of labelled data.
    Source: as of `TreeChain`: Nowok, Raab, Dibben (2016), Journal of Statistical Software 74, synthpop.
    """
    demand_columns(space, "cart")
    blocks, order = ordered_columns(space, first, "cart")
    return SeenCellsFit(space, TreeChain(blocks, order, leaf, len(space.classes) if conditional else 0))
