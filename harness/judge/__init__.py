"""The judge: a language model asked what a memory conveys. Optional, and never mixed with the scorer."""
