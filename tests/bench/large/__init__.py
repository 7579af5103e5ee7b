"""Large images: pyramids by every tool that makes them, timed, and compared with the truth."""
