// Opens the evidence behind a number. What's shown comes from the page's own data and is set as text,
// never as markup. The shapes of the data are those of reports/evidence.py.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const PAGE = 40, NEAR = 3, NO_VERDICT = 4;
  const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;
  const visible = (text) => text.replace(UNSEEN, (c) => (c === "\n" || c === "\t" ? c : "\ufffd"));
  const string = (n) => (n < 0 ? "" : visible(data.strings[n]));
  const lines = (numbers) => numbers.map((n) => data.strings[n]).join("\n");
  let cases = [], shown = 0;

  const make = (tag, className, ...content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...content);
    return node;
  };

  const parts = (metric) => {
    const of = data.metrics[metric] ? data.metrics[metric].of : [];
    return of.length ? of.flatMap(parts) : [metric];
  };

  const mood = (metric, amount) => {
    const better = (data.metrics[metric] || { better: "higher" }).better;
    if (amount === null) return "open";
    if (better === "higher") return amount >= 1 ? "right" : "wrong";
    if (better === "neither") return "plain";
    return amount > 0 ? "wrong" : "right";
  };

  const nightOf = (one) => {
    const table = [data.verdicts, data.findings][one.table];
    return table ? table[one.first][0] : one.first;
  };

  // Of a metric that sets scenarios against their twins: the cells of scenarios that have both.
  const paired = (cells) => {
    const place = (one) => {
      const [id, , , , twinOf] = data.scenarios[data.nights[nightOf(one)][1]];
      return { original: twinOf < 0 ? id : twinOf, twin: twinOf >= 0 };
    };
    const of = (twin) => new Set(cells.map(place).filter((p) => p.twin === twin).map((p) => p.original));
    const [twins, originals] = [of(true), of(false)];
    return cells.filter((one) => twins.has(place(one).original) && originals.has(place(one).original));
  };

  const chosen = (consolidator, metric, slice) => {
    const cells = cellsOf(consolidator, metric, slice);
    return data.metrics[metric] && data.metrics[metric].paired ? paired(cells) : cells;
  };

  const cellsOf = (consolidator, metric, slice) => parts(metric).flatMap((name) => {
    const { rows } = data.cells[name][consolidator];
    const inSlice = ([, , number]) => {
      const [headline, ...names] = data.slices[number];
      return slice ? names.some((n) => data.strings[n] === slice) : headline === 1;
    };
    return rows.filter(inSlice).map(([amount, reason, , table, first, count]) =>
      ({ metric: name, amount, reason: string(reason), table, first, count, mood: mood(name, amount) }));
  });

  const cutOff = (consolidator, metric) => parts(metric).some((name) => {
    const { all, rows } = data.cells[name][consolidator];
    return all > rows.length;
  });

  const excerpt = (file, start, end) => {
    if (file < 0) return null;
    const [path, firstLine, numbers] = data.files[file];
    const text = lines(numbers);
    let from = start, to = end;
    for (let n = 0; n <= NEAR && from > 0; n++) from = text.lastIndexOf("\n", from - 1 - (n > 0)) + 1;
    for (let n = 0; n <= NEAR && to < text.length; n++) {
      const next = text.indexOf("\n", to + (n > 0));
      to = next < 0 ? text.length : next;
    }
    from = Math.max(from, start - 500);
    to = Math.min(to, end + 500);
    const line = firstLine + text.slice(0, start).split("\n").length - 1;
    const quote = make("blockquote", "", visible(text.slice(from, start)),
      make("mark", "", visible(text.slice(start, end))), visible(text.slice(end, to)));
    return make("div", "", make("p", "meta", `memory, ${string(path)}:${line}`), quote);
  };

  const memory = (night) => {
    const files = data.nights[night][4];
    if (files === null) return null;
    const box = make("details", "", make("summary", "", "whole memory"));
    box.addEventListener("toggle", () => {
      if (!box.open || box.childNodes.length > 1) return;
      if (!files.length) box.append(make("p", "meta", "empty"));
      for (const number of files) {
        const [path, , numbers] = data.files[number];
        box.append(make("p", "meta", string(path)), make("blockquote", "", visible(lines(numbers))));
      }
    });
    return box;
  };

  const where = (night) => {
    const [consolidator, scenario, repeat, checkpoint] = data.nights[night];
    const [id] = data.scenarios[scenario];
    return { consolidator, scenario, id: string(id), checkpoint: string(checkpoint), repeat };
  };

  const message = (title, number, open) => {
    const [place, at, role, numbers] = data.messages[number];
    const box = make("details", "message", make("summary", "", `${title}: ${string(place)}, ${string(role)}, ${string(at)}`),
      make("blockquote", "", visible(lines(numbers))));
    box.open = open;
    return box;
  };

  const ofVerdict = (number) => {
    const [night, value, expected, observed, outcome, right, rule, reason, readings, file, start, end, leak,
      request, atBudget, before] = data.verdicts[number];
    const [, item, kind, tactic, subject, attribute, text, condition, sources] = data.values[value];
    const box = make("div", "verdict");
    const stance = (n) => data.stances[n];
    const said = condition < 0 ? "" : ` (${string(condition)})`;
    box.append(make("p", "value", make("b", "", string(text)), said,
      make("span", "meta", ` ${string(item)} · ${string(kind)}${tactic < 0 ? "" : ", " + string(tactic)}`)));
    box.append(make("p", "meta", `${string(attribute)} of ${string(subject)}`));
    const words = expected < 0 ? `found ${stance(observed)}, nothing expected` :
      `expected ${stance(expected)}, found ${stance(observed)}`;
    const state = make("p", "", make("span", "state " + (observed === NO_VERDICT ? "open" : right ? "right" : "wrong"),
      outcome < 0 ? stance(observed) : string(outcome)), ` ${words}`);
    if (leak >= 0) state.append(make("b", "", ` leak level ${string(leak)}: ${data.levels[string(leak)]}`));
    box.append(state);
    const more = [`rule: ${string(rule)}`];
    if (reason >= 0) more.push(string(reason));
    if (readings.length) more.push("readings left: " + readings.map(stance).join(" or "));
    more.push(`before this night: ${stance(before)}`, `within the token budget: ${stance(atBudget)}`);
    box.append(make("p", "meta", more.join(" · ")));
    const found = excerpt(file, start, end);
    if (found) box.append(found);
    else if (observed === 3) box.append(make("p", "meta", "no trace of it in the memory"));
    if (request >= 0) box.append(message("asked to delete it", request, true));
    for (const source of sources) box.append(message("source", source, sources.length === 1));
    return box;
  };

  const ofFinding = (number) => {
    const [, type, rule, file, start, end] = data.findings[number];
    const box = make("div", "verdict", make("p", "", make("span", "state wrong", string(type).replaceAll("_", " ")),
      make("span", "meta", ` rule: ${string(rule)}`)));
    const found = excerpt(file, start, end);
    if (found) box.append(found);
    return box;
  };

  const IN_VERDICTS = 0, IN_FINDINGS = 1;
  const describe = (one) => {
    const night = nightOf(one);
    const place = where(night);
    const amount = one.amount === null ? "no verdict" : String(Math.round(one.amount * 1000) / 1000);
    const metric = data.metrics[one.metric];
    const title = make("h3", "", `${place.id} · ${place.checkpoint}${place.repeat ? ` · repeat ${place.repeat}` : ""}`);
    const box = make("div", "case " + one.mood, title);
    box.append(make("p", "meta", string(data.scenarios[place.scenario][1])));
    if (metric) box.append(make("p", "", `${metric.title}: ${amount}${one.reason ? `, ${one.reason}` : ""}`));
    const failure = data.nights[night][5];
    if (failure >= 0) box.append(make("p", "warn", string(failure)));
    for (let n = one.first; n < one.first + one.count; n++) {
      if (one.table === IN_VERDICTS) box.append(ofVerdict(n));
      else if (one.table === IN_FINDINGS) box.append(ofFinding(n));
    }
    const whole = memory(night);
    if (whole) box.append(whole);
    return box;
  };

  const page = () => {
    const wanted = $("misses").checked ? cases.filter((one) => one.mood === "wrong" || one.mood === "open") : cases;
    if (!shown) $("evidence-list").replaceChildren();
    wanted.slice(shown, shown + PAGE).forEach((one) => $("evidence-list").append(describe(one)));
    shown = Math.min(shown + PAGE, wanted.length);
    $("more").hidden = shown >= wanted.length;
    const cut = cases.cut ? " The page holds only the first of them; the run's verdicts.parquet holds all." : "";
    const all = `${cases.length.toLocaleString("en")} in all`;
    $("evidence-note").textContent = !cases.length ? "This number has no opportunity in these scenarios." :
      wanted.length ? `${shown.toLocaleString("en")} of ${wanted.length.toLocaleString("en")} shown, ${all}.${cut}` :
        `Nothing counts against it: ${all}.${cut}`;
  };

  const open = (consolidator, metric, slice) => {
    const order = { wrong: 0, open: 1, plain: 2, right: 2 };
    cases = chosen(consolidator, metric, slice).sort((a, b) => order[a.mood] - order[b.mood]);
    cases.cut = cutOff(consolidator, metric);
    $("misses").checked = metric !== "outcomes" && cases.some((one) => order[one.mood] < 2);
    shown = 0;
    const name = data.metrics[metric] ? data.metrics[metric].title : "Stances";
    const part = slice ? `, ${slice.replace("stance=", "expected ").replace(/^(expected \w+) /, "$1, found ")}` : "";
    $("evidence-title").textContent = visible(`${data.labels[consolidator]}: ${name}${part}`);
    page();
    $("evidence").showModal();
    $("evidence").scrollTop = 0;
  };

  const sort = (th) => {
    const table = th.closest("table"), shift = table.tHead.rows.length > 1 ? 1 : 0;
    const n = [...th.parentNode.children].indexOf(th) + shift;
    const up = th.getAttribute("aria-sort") === "descending";
    table.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => row.children[n].dataset.order;
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      if (value(a) === "" || value(b) === "") return (value(a) === "") - (value(b) === "");
      return up ? value(a) - value(b) : value(b) - value(a);
    });
    table.tBodies[0].append(...rows);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.m) open(Number(button.dataset.c), button.dataset.m, button.dataset.s);
    else if (button.classList.contains("sort")) sort(button.closest("th"));
  });
  $("more").addEventListener("click", page);
  $("misses").addEventListener("change", () => { shown = 0; page(); });
  $("close").addEventListener("click", () => $("evidence").close());
  $("evidence").addEventListener("click", (event) => { if (event.target === $("evidence")) $("evidence").close(); });
  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
