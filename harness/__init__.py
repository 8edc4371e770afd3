"""Scenario and run types, pack reader, engine, journal, scorer, statistics and command line."""
