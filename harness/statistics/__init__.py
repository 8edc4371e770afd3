"""Intervals and tests; the scenario is the unit everywhere. scipy and statsmodels do the work.

intervals    of one consolidator's mean over scenarios
told         a number, or the reason why there's none
pairs        two consolidators on the scenarios that both have a value in
sign_flip    whether the mean of paired differences can be 0: exact for few scenarios, seeded chance else
differences  all that can be told of one pair: mean, interval, p, smallest difference that would be noticed
margins      whether one is worse than another by more than a margin, or by less
floors       whether a mean is above a floor, or below it
holm         several tests at one level
ranks        the ranks that each of several may have, from all pairs at once
power        smallest detectable difference, and the scenarios that a difference takes
spending     looking several times while the data grow, at one level
repeats      what varies between scenarios and what between repeats of one

A twin is no scenario of its own: its values stand under its original's name (`reports.by_scenario`).
"""
