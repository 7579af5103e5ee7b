"""Where windows lie, in integers."""
