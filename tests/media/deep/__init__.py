"""PNG written without Pillow's encoder."""
