"""Arrays in, arrays out: NumPy only, no file, no picture, no word printed."""
