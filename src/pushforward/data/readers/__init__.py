"""Readers that turn files, folders, archives and objects into rows of arrays."""
