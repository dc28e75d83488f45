"""What a verb found, on standard output: words for people, JSON for programs."""

from collections.abc import Callable
from typing import Any


def said(values: dict[str, Any], verb: Callable[[dict[str, Any]], Any], words: Callable[[Any], str]) -> Any:
    """Call a verb and print its result, as JSON if `--json` is among the values.

    Args:
        values: the verb's arguments, and `json`.
        verb: takes the arguments, gives a mapping, or None where there is nothing to say.
        words: the mapping as text.

    Returns:
        what the verb gave.
    """
    as_json = values.pop("json", False)
    result = verb(values)
    if result is None:
        return None
    if as_json:
        from pushforward.runs.plain import to_json

        print(to_json(result, indent=2))
    else:
        print(words(result))
    return result
