"""The errors of scores and the corrections of p-values: jackknife, intervals, floors, tails, many tests at once."""
