"""Tasks: planning them, performing them, and running many over workers."""
