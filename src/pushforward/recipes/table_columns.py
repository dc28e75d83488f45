"""The order in which columns are drawn: those that are named first, then the others."""

from pushforward.errors import Refused, nearest
from pushforward.samplers import columns_of, single_blocks
from pushforward.spaces import Block, Image, Space


def names_of(first: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that an option gives, commas between or as a tuple.

    Example:
        >>> names_of("age, metal"), names_of(("age",)), names_of("")
        (('age', 'metal'), ('age',), ())
    """
    return tuple(n.strip() for n in first.split(",") if n.strip()) if isinstance(first, str) else tuple(first)


def ordered_columns(
    space: Space, first: str | tuple[str, ...], owner: str
) -> tuple[tuple[Block, ...], list[list[int]]]:
    """Return the blocks, a real one for each coordinate, and the columns by their numbers, in the order of drawing.

    Args:
        space: of the data; coordinates without names are x0, x1, ….
        first: columns that come first; the others keep their order.
        owner: the recipe, for sentences.

    Raises:
        Refused: for a name that no column has, or that is given twice.
    """
    blocks = single_blocks(space.blocks)
    columns = columns_of(blocks)
    names, wanted = [blocks[column[-1]].name or f"x{column[-1]}" for column in columns], names_of(first)
    for i, name in enumerate(wanted):
        if name not in names or name in wanted[:i]:
            why = " twice; name each column once." if name in wanted[:i] else f"; {nearest(name, names)}"
            raise Refused(f"first of {owner} must name columns of the data, got '{name}'{why}")
    order = sorted(range(len(columns)), key=lambda j: wanted.index(names[j]) if names[j] in wanted else len(wanted))
    return blocks, [columns[j] for j in order]


def demand_columns(space: Space, owner: str) -> None:
    """Refuse pictures, which have no columns.

    Raises:
        Refused: for these.
    """
    if isinstance(space, Image):
        raise Refused(f"{owner} is for tables and rows of numbers, got pictures; for these there is grid-cdf.")
