"""Words from the shell, and exit codes to it."""
