"""A run folder → figures and one page that a stranger understands; sees files only, never a model."""

from pushforward.report.writing import judgement, named, opened, picture, report

__all__ = ["judgement", "named", "opened", "picture", "report"]
