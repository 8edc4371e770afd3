"""The scorer: reads a memory and says what it conveys about every planted value, and why.

Stages, one module each, in order:

    words       text → normalised words with offsets
    segments    a memory → sentences, bullets, table rows, key-values, with their context
    forms       a value → the patterns that mention it
    matcher     one pass over the words for all patterns of a scenario
    mentions    pattern hits → mentions of values
    binding     mentions → bound to subject and attribute, or to somebody else
    status      what the words around a mention make of it (table in `cues`)
    decision    all mentions of a value → one stance, by a written table
    leaks       levels for what should have been absent, obfuscation included
    closed_world  values that no source gave, or that were given to somebody else
    atoms       numbers, names, paths … that no source contains
    reader      all of it for one scenario

No language model, no network; the same bytes in give the same verdicts out.
"""
