"""Missing values, which have no vote."""
