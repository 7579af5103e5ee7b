"""PNG: the way to compress a picture, and a writer of its own for those that have grain."""
