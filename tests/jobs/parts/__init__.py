"""Parts of one array, made by several processes."""
