"""Files that Pillow cannot open or would misread, made byte by byte."""
