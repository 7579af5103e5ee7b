"""Output for people to read: lines, tables, progress, figures and contact sheets."""
