"""Campaigns too long for every day: ``make soak``."""
