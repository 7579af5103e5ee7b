"""Files that the command line names."""
