"""The rows that every reader gives and every data set is made of: labels, options, splits, checks, arrays on disk."""
