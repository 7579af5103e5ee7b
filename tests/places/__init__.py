"""Places that are not on this machine: stores and web servers, on loopback."""
