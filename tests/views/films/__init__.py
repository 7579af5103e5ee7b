"""Films of windows that go over a map."""
