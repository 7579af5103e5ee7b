"""What is learnt from a picture, for views to draw."""
