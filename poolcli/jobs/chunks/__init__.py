"""Arrays in chunks, computed box by box by threads, so that a run can be taken up again."""
