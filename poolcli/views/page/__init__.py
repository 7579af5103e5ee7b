"""The page to play with: one HTML file that pools in the browser."""
