"""The page of a run folder that a stranger understands, with its figures; it sees files only, never a model."""

from pushforward.report.writing import judgement, moment, open_runs, page_path, picture, report

__all__ = ["judgement", "moment", "open_runs", "page_path", "picture", "report"]
