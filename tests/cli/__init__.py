"""The command line: transcripts, exit codes, errors."""
