"""Files to arrays and back; the only wing that reads and writes pictures."""
