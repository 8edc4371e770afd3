"""The reader: a language model that answers questions from a memory, or from raw sessions. Optional.

It's given a text and questions. It sees no item, no value and no expectation: import contracts keep them out
of reach.
"""
