"""What readers' answers come to: the matrix of consolidators and readers, and where answers stop being found.

summary    what a summary says of each reader, as it stands in summary.json
summarise  from read chains to that
stopped    the questions that stopped finding their answer, and when
table      answers.parquet: every question with its answer
"""
