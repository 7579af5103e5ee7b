"""Runs over many files: plans, workers, reports, interruptions."""
