"""The leaderboard's pages: a folder that a browser opens from the disk, and that any server can serve.

write          all pages, in order; what an earlier leaderboard left goes
place          where each page lies, and how one leads to another
owned          which files of the folder are ours
index          the table with its rank ranges, quality against cost, downloads, who was refused
consolidator   a page for each: answers, standings, metrics, stances, slices, failures, cost, run card
scenario       a page for each, and the list of them
method         how the numbers come about, and how well the scorer reads
standings      ranks in words, and who can't be told from whom
kinds          the numbers of one kind of item
worst          the worst of what a consolidator did, with the place in its memory
drawn          rank ranges and intervals as small drawings
scatter        quality against a price
nights         retention over nights
"""
