"""The other half of the story: gradients, unpooling, strided convolutions, rows and stacks."""
