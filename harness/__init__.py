"""Scenario and run types, pack reader, engine, journal, scorer, judge, statistics and command line."""
