"""The engine: chains of nights side by side, a journal that survives kill -9, failures as data.

record    run.json: what was run, on what, with which settings
run       chains, nights in order, concurrency, money
host      one consolidator in a thread of its own
failures  the one place where an exception becomes data
journal   nights.jsonl: every finished night, on the disk before the next one starts
"""
