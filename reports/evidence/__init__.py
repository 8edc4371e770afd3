"""What every number of a page rests on, in script files beside it, each read when it's first asked for.

    evidence/index.js    the metrics, the consolidators' labels, and where the cells of each are
    evidence/0000.js …   chains, packed in order, or the cells of one consolidator

`fetch` doesn't read from a disk; a script element does. So every file is one call, of a name and of one JSON
value, which evidence.js keeps: `rembench.evidence("index", {…})`, `rembench.evidence(12, {…})`. A -1 stands
for "none"; stances are 0 to 3 in the order of `STANCES`, 4 is "no verdict".

    index    stamp         of all the files together: the page knows it too, and shows no other's evidence
             labels        of the consolidators, whose numbers are their places here
             metrics       name → {title, better, of, paired}
             stances, levels
             scenarios     id → [file, place in the file]
             cells         metric → for each consolidator the number of the file that has its cells

    cells    chains        [scenario, the scenario whose twin it is or null, repeat, file, place in the file]
             metrics       name → its tables:
               reasons     texts
               slices      [1 if the cell counts in the metric itself, names of those that pages show...]
               kinds       [amount or null, reason, slice, table, number of rows]
               cells       of each chain: the kinds of its cells, as their rows follow one another; where they
                           don't, -1 - kind and the first row

    chains   for each      consolidator, scenario, repeat
             strings       texts
             nights        [checkpoint, files of the memory or null, why there's none]
             files         [path, number of the first line, lines]
             rulings       [expected, observed, outcome, accepted, rule, reason, readings, leak level,
                            at budget, stance before the night]
             verdicts      [night, value, ruling, and where it's read from: file, start, end]
             findings      [night, type, rule, file, start, end]

    scenarios  for each    id, title
             strings       texts
             values        [item, kind, tactic, subject, attribute, text, condition, source messages, request]
             messages      [where, date, role, lines]
"""
