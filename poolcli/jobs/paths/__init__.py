"""Sources found in folders, and destinations that must not be written to."""
