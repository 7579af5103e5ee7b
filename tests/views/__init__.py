"""What people look at: figures, tables, sheets."""
