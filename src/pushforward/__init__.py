"""min_g D(P, g#µ): one-step samplers g#µ fitted to data by lowering a discrepancy, and an honest verdict on them.

Nothing is imported before it is asked for: `import pushforward` costs no torch.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushforward import (
        bijectors,
        critics,
        data,
        discrepancies,
        features,
        fields,
        games,
        kernels,
        likelihoods,
        metrics,
        monotone,
        networks,
        posteriors,
        recipes,
        samplers,
        spaces,
        testing,
        training,
        tuning,
    )
    from pushforward.verbs import (
        compare,
        encode,
        export,
        fit,
        likelihood,
        load,
        reconstruct,
        report,
        resume,
        sample,
        score,
    )

__all__ = [
    "bijectors",
    "compare",
    "critics",
    "data",
    "discrepancies",
    "encode",
    "export",
    "features",
    "fields",
    "fit",
    "games",
    "kernels",
    "likelihood",
    "likelihoods",
    "load",
    "metrics",
    "monotone",
    "networks",
    "posteriors",
    "recipes",
    "reconstruct",
    "report",
    "resume",
    "sample",
    "samplers",
    "score",
    "spaces",
    "testing",
    "training",
    "tuning",
]
_VERBS = {
    "compare",
    "encode",
    "export",
    "fit",
    "likelihood",
    "load",
    "reconstruct",
    "report",
    "resume",
    "sample",
    "score",
}


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        return getattr(import_module("pushforward.verbs"), name)
    if name in __all__:
        return import_module(f"pushforward.{name}")
    if name == "__version__":
        return import_module("importlib.metadata").version("pushforward")
    raise AttributeError(f"module 'pushforward' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])


class _Package(ModuleType):
    """A module in which `pf.report` stays the verb: the import system would bind the room of that name to it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "report":
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
