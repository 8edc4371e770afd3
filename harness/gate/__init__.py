"""The gate: whether a run is worse than a baseline by more than is put up with, or can't be told from it.

policy     which metrics, their floors and margins, and which of them block; read from TOML
measured   one side: every metric's value of every scenario, from a run
baseline   the same as a small file to commit
pairing    what may be set against what, and the differences by scenario with what's missing
checks     one check a metric and limit: the p's of "kept" and "broken"
decide     the verdicts, at one level for all
looks      fixed looks at a growing number of scenarios, with the level spent little by little
draft      a commented policy, from a run
page       the verdicts as text, Markdown, JUnit cases and JSON
"""
