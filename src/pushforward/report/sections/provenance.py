"""The sections on where a run comes from: the call that makes it again, and the machine that it was made on."""

from collections.abc import Iterable, Mapping
from typing import Any

from pushforward.report.markup import Html, block, facts, folded, note, section, tag
from pushforward.report.numbers import plainly
from pushforward.report.run_files import RunFiles


def provenance(run: RunFiles) -> Html:
    """Return the command, and every argument of it."""
    command = run.call.get("command")
    shown = tag("pre", tag("code", command)) if command else note("This run was made in Python; its call follows.")
    arguments = {name: value for name, value in run.call.items() if name not in ("version", "command")}
    return folded("call", "The call that reproduces it", shown, block("Every argument", facts(flat(arguments))))


def environment(run: RunFiles) -> Html:
    """Return the versions and the device that the run was made with."""
    content = facts(flat(run.environment)) if run.environment else note("The environment was not recorded.")
    return folded("environment", "Environment", content)


def gaps(run: RunFiles) -> Html:
    """Return what the page could not show, and why."""
    return section(
        "missing",
        "What is not here",
        tag("ul", *(tag("li", line) for line in run.missing)) if run.missing else "",
    )


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Yield nested names joined by dots, each with its value in words.

    Example:
        >>> list(flat({"fit": {"steps": 10}, "recipe": "gram"}))
        [('fit.steps', '10'), ('recipe', 'gram')]
    """
    for name, value in values.items():
        if isinstance(value, Mapping) and value and "class_path" not in value:
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", plainly(value)
