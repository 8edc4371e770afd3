"""Intervals and tests; the scenario is the unit everywhere. scipy does the work."""
