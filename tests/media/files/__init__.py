"""Files replaced as a whole or not at all, and sources that change while they are read."""
