"""What the judge costs, and whether its levels, powers, errors and verdicts are what they say."""
