"""Reading files into arrays, and writing them; the only wing that touches picture files."""
