"""Files of any kind as arrays with axes."""
