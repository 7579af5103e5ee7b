"""Many tasks at a time: who performs them, and their results in order."""
