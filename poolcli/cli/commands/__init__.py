"""The commands, a short module each; those that pool share one."""
