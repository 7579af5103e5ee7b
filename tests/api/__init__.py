"""The Python face: public names, types, inputs of every kind."""
