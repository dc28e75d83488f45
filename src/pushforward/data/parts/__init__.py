"""The parts of a data set, in memory or on disk, and all of its rows, read in blocks."""
