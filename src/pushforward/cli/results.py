"""The result of a verb on standard output: words for people, JSON for programs."""

from collections.abc import Callable, Mapping
from typing import Any

from pushforward.errors import printable


def print_result(values: dict[str, Any], verb: Callable[[dict[str, Any]], Any], text: Callable[[Any], str]) -> Any:
    """Call a verb and print its result, as JSON if `--json` is among the values.

    Args:
        values: the verb's arguments, and `json`.
        verb: takes the arguments, gives a mapping, or None where there is nothing to say.
        text: the mapping in words.

    Returns:
        The verb's result.
    """
    as_json = values.pop("json", False)
    result = verb(values)
    if result is None:
        return None
    if as_json:
        from pushforward.runs.plain_values import to_json

        print(printable(to_json(result, indent=2), lines=True))
    else:
        print(printable(text(_escaped(result)), lines=True))
    return result


def _escaped(value: Any, lines: bool = False) -> Any:
    """Return the same with every text printable, so that a name of two lines does not pass for two lines of ours.

    The verdict alone has several lines, each of which was made printable when it was written.
    """
    if isinstance(value, str):
        return printable(value, lines=lines)
    if isinstance(value, Mapping):
        return {_escaped(key): _escaped(entry, lines=key == "verdict") for key, entry in value.items()}
    return [_escaped(entry) for entry in value] if isinstance(value, list | tuple) else value
