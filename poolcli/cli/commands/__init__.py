"""The commands, each a short module; a family that differs in its name alone shares one."""
