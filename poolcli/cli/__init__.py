"""The command line: words from the shell become work, and errors exit codes."""
