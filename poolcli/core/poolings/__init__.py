"""Statistics of every window of a plan, one in each module."""
