"""The second solver: works a synthetic scenario's expectations out again, from its log alone.

It's written apart from the generator and shares no code with it: where both agree, the oracle is right for a
reason. `check.check_log` is the door.
"""
