"""The project about itself: rooms, README, packaging, environment."""
