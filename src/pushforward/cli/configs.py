"""The files of --config: read within limits, and held to what a file may name without --trust."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pushforward.errors import Refused, nearest
from pushforward.index import Option

PLAIN = frozenset({"str", "int", "float", "bool", "None", "Path", "Precision", "Scale", "ClusterNumber"})
"""The types of options that are no objects."""

MARKS = frozenset("{}[]:\n\"'&*!|>%@`#,")
"""The characters by which the parser would take a word of a file for a file of its own."""

FORBIDDEN = ("config", "trust", "resume", "print_config")
"""The options that a file may not give."""


def read(argv: list[str]) -> tuple[dict[str, Any], str, list[str]]:
    """Read the files of --config, the later over the earlier: their options, their names and the other arguments.

    Args:
        argv: of the command line.

    Raises:
        Refused: for a file that holds no options.
    """
    content: dict[str, Any] = {}
    names, others, rest = [], [], list(argv)
    while rest:
        argument = rest.pop(0)
        option, equals, path = argument.partition("=")
        if option != "--config" or not (equals or rest):
            others.append(argument)
            continue
        path = path if equals else rest.pop(0)
        content |= _content(path)
        names.append(path)
    return content, " and ".join(names), others


def by_parameter(content: Mapping[str, Any], options: Iterable[Option], whose: str) -> dict[str, Any]:
    """Return the same options under the names that parameters have.

    Args:
        content: options and their values.
        options: that there are.
        whose: the file.

    Raises:
        Refused: for an option that there is not, or that only the command line may give.
    """
    names = [option.name for option in options]
    renamed = {str(key).replace("-", "_"): value for key, value in content.items()}
    for name, value in renamed.items():
        if name in FORBIDDEN or (name == "overwrite" and value):
            raise Refused(f"--{name} is given on the command line alone, and {whose} gives it; leave it out there.")
        if name not in names and name != "recipe":
            raise Refused(f"the call has no option '{name}'; {nearest(name, names)}")
    return renamed


def permitted(content: Mapping[str, Any], options: Iterable[Option], whose: str) -> dict[str, Any]:
    """Return the same options with classes under today's names, if the file names no code that is not trusted.

    Args:
        content: options and their values, by the names of parameters.
        options: that there are.
        whose: the file.

    Raises:
        Refused: for code that is not trusted; it says how to permit it.
    """
    kinds = {option.name: option.annotation for option in options}
    return {name: _option(name, value, kinds.get(name, ""), whose) for name, value in content.items()}


def check_data(content: Mapping[str, Any], load: Mapping[str, Any], whose: str) -> None:
    """Say what is read for the data that the file names, and refuse code and data sets of the hub without trust.

    Args:
        content: the options of the file.
        load: all arguments of `data.load` that are in force.
        whose: the file.
    """
    from pushforward.verbs.trust import data_of

    if "data" in content:
        data_of({"spec": content["data"], **load}, whose)


def _content(path: str) -> dict[str, Any]:
    from pushforward.runs.old_names import CONDITIONAL_OF_RECIPES, with_own_conditional, without_clusters
    from pushforward.runs.plain_values import read_yaml

    content = read_yaml(Path(path))
    if not isinstance(content, dict):
        raise Refused(f"the file of --config must hold options and their values, but {path} does not.")
    if "arguments" not in content:
        return dict(with_own_conditional(content.get("recipe"), content))
    old = isinstance(content.get("version"), int) and content["version"] < CONDITIONAL_OF_RECIPES
    arguments = with_own_conditional(content.get("recipe"), content["arguments"], always=old)
    return _options_of_call({**content, "arguments": without_clusters(content.get("recipe"), arguments)})


def _options_of_call(call: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the call.yaml of a run amounts to."""
    parts = [call.get(name) or {} for name in ("data", "fit", "arguments")]
    if not all(isinstance(part, dict) for part in parts):
        raise Refused("the file of --config has data, fit or arguments that are no options by name; restore it.")
    if parts[0].keys() & {"object", "seed"}:
        raise Refused("the file of --config records data that only Python can load again; name other data there.")
    spec = {"data": parts[0]["spec"]} if "spec" in parts[0] else {}
    others = {name: value for name, value in parts[0].items() if name != "spec"}
    return {"recipe": call.get("recipe"), **spec, **others, **parts[1], **parts[2]}


def _option(name: str, value: Any, annotation: str, whose: str) -> Any:
    from pushforward.verbs.trust import features_of

    if name in ("data", "recipe") or (name == "columns" and isinstance(value, str)):  # read later, with its own check
        return value
    if name == "probe_features" and isinstance(value, str):
        return features_of(value, whose)
    kinds = re.findall(r"\w+", re.sub(r"Literal\[.*?\]", "", annotation))
    return _value(value, not set(kinds) <= PLAIN, name, whose)


def _value(value: Any, an_object: bool, name: str, whose: str) -> Any:
    """Return the value, if its classes are this package's or trusted, with them under today's names."""
    if isinstance(value, dict):
        is_class = "class_path" in value
        return {
            key: _path(entry, whose)
            if is_class and key == "class_path"
            else _value(entry, an_object or is_class, name, whose)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [_value(entry, an_object, name, whose) for entry in value]
    if not isinstance(value, str) or not an_object:
        return value
    return _path(value, whose) if name != "probes" else ",".join(_word(part, whose) for part in value.split(","))


def _word(word: Any, whose: str) -> str:
    if not isinstance(word, str) or MARKS & set(word):
        raise Refused(f"{whose} must name a class or a score by one word or by a dotted path, got {word!r:.60}.")
    return word


def _path(path: Any, whose: str) -> str:
    """Return the path of a class; a word without a dot is one of the option's members, which the parser finds."""
    from pushforward.dotted import is_dotted
    from pushforward.permission import demand_call
    from pushforward.verbs.values import own, public, spelt_out

    if not is_dotted(path := _word(path, whose)):
        return spelt_out(path)
    kind = own(path, whose)
    if kind is None:
        demand_call(path, whose)
        return path
    return public(kind) or path
