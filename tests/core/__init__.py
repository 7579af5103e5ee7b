"""Arrays: every pooling by eye, against the oracle and against torch."""
