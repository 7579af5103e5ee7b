"""Reading and writing pictures by Pillow: the closed set of modules that import it."""
