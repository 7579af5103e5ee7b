"""Files: what is read, what is written, and what stays as it was."""
