"""A leaderboard: runs handed in by anybody, scored again here, with ranks only as far as they can be told.

board        what it's made of: the types for whoever draws it
submissions  which runs are taken, which are refused and why
controls     the controls, made here and not taken from a submission
marks        what a reader should know of an entry
kinds        ranks by kind of item
build        from runs to the board
rows         its numbers as flat tables
files        results.json, CSV, Parquet, and a folder that Hugging Face `datasets` loads
site         the pages
"""
