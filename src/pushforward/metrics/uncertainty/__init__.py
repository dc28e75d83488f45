"""Errors of scores, and what corrects p-values: jackknife, intervals, floors, tails, many tests at once."""
