"""Rows of a data set in memory or on disk, and points that are read in blocks."""
