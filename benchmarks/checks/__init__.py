"""Checks of the repository: figures of the documents, numbers that a change must not move."""
