"""Films: pictures one after the other, and the files that hold them."""
