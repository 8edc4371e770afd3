"""Consolidators side by side, of one run or of several, paired by scenario.

sources     the runs, each once, with a label; the scenarios that all of them have
entrants    one consolidator of one run, with its metrics scenario by scenario
contrasts   two entrants on one metric: the difference, and whether it can be told
pairs       every pair of contestants, and each against the best control
slices      the same by kind, tactic, domain, level and age
front       quality against money, tokens, seconds and length
values      what two memories of one night say of each value
nights      the nights where two differ most, and the diff of their memories
cases       what one gets right and the other doesn't, with the evidence
comparison  all of it in one
"""
