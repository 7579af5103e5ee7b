"""The words of figures and explanations in other languages."""
