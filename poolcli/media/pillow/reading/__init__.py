"""Reading: files opened, what Pillow misreads set right, frames decoded."""
