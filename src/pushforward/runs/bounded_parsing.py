"""The parsing of YAML and JSON text as plain values, in bounded memory and time whoever wrote it."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

DEEPEST = 50
"""The largest number of lists and mappings within one another."""

MOST_JSON = 4_000_000
"""The largest number of values in a JSON text: a table of a million columns fits."""

MOST_YAML = 20_000
"""The largest number of values in a YAML text, each counted as often as aliases repeat it."""

LONGEST = 100
"""The longest YAML value that is no text; PyYAML reads `1:1:1:…` as a number in base 60, in quadratic time."""


def json_value(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: if it is not JSON, too deep, of too many values, or holds a number that JSON does not know.
    """
    if sum(map(text.count, ",:[{")) > MOST_JSON:
        raise ValueError(f"it holds more than {MOST_JSON:,} values")
    if text.count("[") + text.count("{") > DEEPEST and max(_depths(text), default=0) > DEEPEST:
        raise ValueError(f"it nests deeper than {DEEPEST} levels")
    value = json.loads(text, parse_constant=_no_constant)
    if "\\ud" in text or "\\uD" in text:  # halves of characters, which no text file can hold, are refused
        json.dumps(value, ensure_ascii=False).encode()
    return value


def yaml_value(text: str) -> Any:
    """Return the value of a YAML text in terms of mappings, lists, words, numbers and dates.

    Raises:
        ValueError: if it is not YAML, too deep, or of too many values.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    except (TypeError, AttributeError, OverflowError) as error:  # a list as a key; a date or a number that is none
        raise ValueError(f"it holds a value that cannot be read: {error}") from error


class _Loader(yaml.SafeLoader):
    """A safe loader of YAML that counts while it composes: nothing is built before the whole is known to be small."""

    def __init__(self, text: str):
        super().__init__(text)
        self.depth = self.count = 0
        self.sizes: dict[str, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()
        alias = isinstance(event, yaml.AliasEvent)
        if alias and event.anchor not in self.sizes:
            raise ValueError(f"its alias *{event.anchor} stands for nothing, or for what it is a part of")
        before = self.count
        self._grow(self.sizes[event.anchor] if alias else 1)
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"it nests deeper than {DEEPEST} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        if event.anchor is not None:
            self.sizes[event.anchor] = self.count - before
        text = isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"
        if text:
            node.value.encode()  # refuses halves of characters, as above
        if isinstance(node, yaml.ScalarNode) and not text and len(node.value) > LONGEST:
            raise ValueError(f"it holds a value of more than {LONGEST} characters that is no text")
        return node

    def _grow(self, by: int) -> None:
        self.count += by
        if self.count > MOST_YAML:
            raise ValueError(f"it holds more than {MOST_YAML:,} values")


def _depths(text: str) -> Iterator[int]:
    """Yield the depth of every opening bracket that stands outside of quoted text."""
    depth, quoted, escaped = 0, False, False
    for c in text:
        if quoted:
            quoted, escaped = escaped or c != '"', c == "\\" and not escaped
        elif c == '"':
            quoted = True
        elif c in "[{":
            depth += 1
            yield depth
        elif c in "]}":
            depth -= 1


def _no_constant(name: str) -> Any:
    raise ValueError(f"it holds {name}, which is no number")
