"""One statistic of every window of a plan each."""
