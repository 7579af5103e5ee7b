"""Stacks of planes, pooled box by box: what is larger than memory."""
