"""Answers: which questions are put to a reader about a run, and what its answers convey."""
