"""Makes synthetic scenarios: world first, words second."""
