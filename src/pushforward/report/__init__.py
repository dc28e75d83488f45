"""A run folder → figures and one page that a stranger understands; sees files only, never a model."""

from pushforward.report.writing import picture, report

__all__ = ["picture", "report"]
