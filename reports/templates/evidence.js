// Opens the evidence behind a number: any button of which data-m=METRIC and data-c=CONSOLIDATOR are said, and
// data-s=SLICE or data-n=SCENARIO if only those cells are meant. Each is said by the button itself, its cell,
// its column (<col>), its row, or anything round it. data-b of the cell is what its number lies between,
// whatever the missing verdicts are. What's shown comes from the files beside the page, each read when it's
// first needed, and is set as text, never as markup. Their shapes: reports/evidence/__init__.py.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const sheet = $("evidence");
  const PAGE = 40, NEAR = 3, ABSENT = 3, NO_VERDICT = 4, IN_VERDICTS = 0, IN_FINDINGS = 1;
  const ORDER = { wrong: 0, open: 1, plain: 2, right: 2 };
  const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;
  const visible = (text) => text.replace(UNSEEN, (c) => (c === "\n" || c === "\t" ? c : "\ufffd"));

  const make = (tag, className, ...content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...content);
    return node;
  };

  // The files.
  const files = new Map(), coming = new Map();
  window.rembench = { evidence: (name, data) => files.set(String(name), data) };
  const path = (name) => `${sheet.dataset.from}${name === "index" ? name : String(name).padStart(4, "0")}.js`;

  class Absent extends Error {}

  const load = (number) => {
    const name = String(number);
    if (files.has(name)) return Promise.resolve(files.get(name));
    if (!coming.has(name)) {
      coming.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        const done = () => {
          script.remove();
          coming.delete(name);
          if (files.has(name)) resolve(files.get(name));
          else reject(new Absent(`The evidence isn’t beside this page: ${path(name)}`));
        };
        script.onload = script.onerror = done;
        script.src = path(name);
        document.head.append(script);
      }));
    }
    return coming.get(name);
  };

  const loadIndex = async () => {
    const index = await load("index");
    if (index.stamp === sheet.dataset.stamp) return index;
    throw new Absent(`The evidence beside this page is another page’s: ${path("index")}`);
  };

  // The cells.
  const parts = (index, metric) => {
    const of = index.metrics[metric] ? index.metrics[metric].of : [];
    return of.length ? of.flatMap((part) => parts(index, part)) : [metric];
  };

  const moodOf = (better, amount) => {
    if (amount === null) return "open";
    if (better === "higher") return amount >= 1 ? "right" : "wrong";
    if (better === "neither") return "plain";
    return amount > 0 ? "wrong" : "right";
  };

  const cellsOf = async (index, metric, { consolidator, slice, scenario }) => {
    const number = index.cells[metric][consolidator];
    if (number < 0) return [];
    const { chains, metrics } = await load(number);
    const { reasons, slices, kinds, cells } = metrics[metric];
    const better = (index.metrics[metric] || { better: "higher" }).better;
    const counts = slices.map(([headline, ...names]) => (slice ? names.includes(slice) : headline === 1));
    const found = [];
    cells.forEach((row, chain) => {
      const [id, twinOf, , shard, place] = chains[chain];
      let first = 0;
      for (let n = 0; n < row.length; n++) {
        const kind = row[n] < 0 ? -1 - row[n] : row[n];
        if (row[n] < 0) first = row[++n];
        const [amount, reason, inSlices, table, count] = kinds[kind];
        if (counts[inSlices] && (!scenario || id === scenario || twinOf === scenario)) {
          const why = reason < 0 ? "" : visible(reasons[reason]);
          found.push({ metric, amount, reason: why, table, first, count, mood: moodOf(better, amount),
            scenario: id, twinOf, shard, place });
        }
        first += count;
      }
    });
    return found;
  };

  // Of a metric that sets scenarios against their twins: the cells of scenarios that have both.
  const paired = (cells) => {
    const twins = new Set(cells.filter((one) => one.twinOf !== null).map((one) => one.twinOf));
    const originals = new Set(cells.filter((one) => one.twinOf === null).map((one) => one.scenario));
    return cells.filter(({ twinOf, scenario }) => {
      const original = twinOf === null ? scenario : twinOf;
      return twins.has(original) && originals.has(original);
    });
  };

  const chosen = async (index, asked) => {
    const found = await Promise.all(parts(index, asked.metric).map((metric) => cellsOf(index, metric, asked)));
    const cells = found.flat();
    const metric = index.metrics[asked.metric];
    return (metric && metric.paired ? paired(cells) : cells).sort((a, b) => ORDER[a.mood] - ORDER[b.mood]);
  };

  // One case, from the tables of its chain and of its scenario.
  class Case {
    constructor(index, one, chain, scenario) {
      Object.assign(this, { index, one, chain, scenario });
    }

    string(n) { return n < 0 ? "" : visible(this.chain.strings[n]); }

    said(n) { return n < 0 ? "" : visible(this.scenario.strings[n]); }

    lines(numbers) { return numbers.map((n) => this.chain.strings[n]).join("\n"); }

    excerpt(file, start, end) {
      if (file < 0) return null;
      const [name, firstLine, numbers] = this.chain.files[file];
      const text = this.lines(numbers);
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
      return make("div", "", make("p", "meta", `memory, ${this.string(name)}:${line}`), quote);
    }

    memory(night) {
      const numbers = this.chain.nights[night][1];
      if (numbers === null) return null;
      const box = make("details", "", make("summary", "", "whole memory"));
      box.addEventListener("toggle", () => {
        if (!box.open || box.childNodes.length > 1) return;
        if (!numbers.length) box.append(make("p", "meta", "empty"));
        for (const number of numbers) {
          const [name, , lines] = this.chain.files[number];
          box.append(make("p", "meta", this.string(name)), make("blockquote", "", visible(this.lines(lines))));
        }
      });
      return box;
    }

    message(title, number, open) {
      const [place, at, role, lines] = this.scenario.messages[number];
      const words = `${title}: ${this.said(place)}, ${this.said(role)}, ${this.said(at)}`;
      const text = lines.map((n) => this.said(n)).join("\n");
      const box = make("details", "message", make("summary", "", words), make("blockquote", "", text));
      box.open = open;
      return box;
    }

    verdict(number) {
      const [, value, ruling, file = -1, start = 0, end = 0] = this.chain.verdicts[number];
      const [expected, observed, outcome, right, rule, reason, readings, leak, atBudget, before] =
        this.chain.rulings[ruling];
      const [item, kind, tactic, subject, attribute, text, condition, sources, request] = this.scenario.values[value];
      const { stances, levels } = this.index;
      const string = (n) => this.string(n), said = (n) => this.said(n), stance = (n) => stances[n];
      const box = make("div", "verdict");
      const holding = condition < 0 ? "" : ` (${said(condition)})`;
      box.append(make("p", "value", make("b", "", said(text)), holding,
        make("span", "meta", ` ${said(item)} · ${said(kind)}${tactic < 0 ? "" : ", " + said(tactic)}`)));
      box.append(make("p", "meta", `${said(attribute)} of ${said(subject)}`));
      const words = expected < 0 ? `found ${stance(observed)}, nothing expected` :
        `expected ${stance(expected)}, found ${stance(observed)}`;
      const mood = observed === NO_VERDICT ? "open" : right ? "right" : "wrong";
      const state = make("p", "", make("span", `state ${mood}`, outcome < 0 ? stance(observed) : string(outcome)),
        ` ${words}`);
      if (leak >= 0) state.append(make("b", "", ` leak level ${string(leak)}: ${levels[string(leak)]}`));
      box.append(state);
      const more = [`rule: ${string(rule)}`];
      if (reason >= 0) more.push(string(reason));
      if (readings.length) more.push("readings left: " + readings.map(stance).join(" or "));
      more.push(`before this night: ${stance(before)}`, `within the token budget: ${stance(atBudget)}`);
      box.append(make("p", "meta", more.join(" · ")));
      const found = this.excerpt(file, start, end);
      if (found) box.append(found);
      else if (observed === ABSENT) box.append(make("p", "meta", "no trace of it in the memory"));
      if (expected === ABSENT && request >= 0) box.append(this.message("asked to delete it", request, true));
      for (const source of sources) box.append(this.message("source", source, sources.length === 1));
      return box;
    }

    finding(number) {
      const [, type, rule, file, start, end] = this.chain.findings[number];
      const box = make("div", "verdict",
        make("p", "", make("span", "state wrong", this.string(type).replaceAll("_", " ")),
          make("span", "meta", ` rule: ${this.string(rule)}`)));
      const found = this.excerpt(file, start, end);
      if (found) box.append(found);
      return box;
    }

    get night() {
      const table = [this.chain.verdicts, this.chain.findings][this.one.table];
      return table ? table[this.one.first][0] : this.one.first;
    }

    describe() {
      const { one, chain, night } = this;
      const [checkpoint, , failure] = chain.nights[night];
      const { id, title } = this.scenario;
      const repeat = chain.repeat ? ` · repeat ${chain.repeat}` : "";
      const amount = one.amount === null ? "no verdict" : String(Math.round(one.amount * 1000) / 1000);
      const metric = this.index.metrics[one.metric];
      const box = make("article", `case ${one.mood}`,
        make("h3", "", `${visible(id)} · ${this.string(checkpoint)}${repeat}`), make("p", "meta", visible(title)));
      if (metric) box.append(make("p", "", `${metric.title}: ${amount}${one.reason ? `, ${one.reason}` : ""}`));
      if (failure >= 0) box.append(make("p", "warn", this.string(failure)));
      for (let n = one.first; n < one.first + one.count; n++) {
        if (one.table === IN_VERDICTS) box.append(this.verdict(n));
        else if (one.table === IN_FINDINGS) box.append(this.finding(n));
      }
      const whole = this.memory(night);
      if (whole) box.append(whole);
      return box;
    }
  }

  // The sheet.
  let turn = 0, index = null, cases = [], shown = 0, between = "";
  const count = (n) => n.toLocaleString("en");

  const busy = (is) => {
    sheet.setAttribute("aria-busy", String(is));
    $("more").disabled = is;
  };

  // Does one piece of work, unless another has begun meanwhile; what's missing is said in the sheet.
  const attempt = async (work) => {
    const mine = ++turn;
    const isLate = () => mine !== turn;
    busy(true);
    try {
      await work(isLate);
    } catch (fault) {
      if (!(fault instanceof Absent)) throw fault;
      if (!isLate()) {
        $("evidence-note").textContent = fault.message;
        $("more").hidden = true;
      }
    } finally {
      if (!isLate()) busy(false);
    }
  };

  const note = (wanted) => {
    const all = `${count(cases.length)} in all`;
    const missing = between ? ` Between ${between} whatever the missing verdicts are.` : "";
    if (!cases.length) return "This number has no opportunity in these scenarios.";
    if (!wanted.length) return `Nothing counts against it: ${all}.${missing}`;
    return `${count(shown)} of ${count(wanted.length)} shown, ${all}.${missing}`;
  };

  const page = async (isLate) => {
    const wanted = $("misses").checked ? cases.filter((one) => ORDER[one.mood] < 2) : cases;
    const next = wanted.slice(shown, shown + PAGE);
    if (!shown) $("evidence-list").replaceChildren();
    const boxes = await Promise.all(next.map(async (one) => {
      const [file, place] = index.scenarios[one.scenario];
      const [chains, scenarios] = await Promise.all([load(one.shard), load(file)]);
      return new Case(index, one, chains[one.place], scenarios[place]).describe();
    }));
    if (isLate()) return;
    $("evidence-list").append(...boxes);
    shown += next.length;
    $("more").hidden = shown >= wanted.length;
    $("evidence-note").textContent = note(wanted);
  };

  const heading = ({ consolidator, metric, slice, scenario }) => {
    const name = index.metrics[metric] ? index.metrics[metric].title : "Stances";
    const words = slice ? slice.replace("stance=", "expected ").replace(/^(expected \w+) /, "$1, found ") : "";
    const more = [words, scenario].filter(Boolean).map((text) => `, ${text}`).join("");
    return visible(`${index.labels[consolidator]}: ${name}${more}`);
  };

  const open = (asked) => attempt(async (isLate) => {
    cases = [];
    shown = 0;
    between = asked.between;
    $("evidence-title").textContent = "Evidence";
    $("evidence-note").textContent = "Reading the evidence …";
    $("evidence-list").replaceChildren();
    $("more").hidden = true;
    if (!sheet.open) sheet.showModal();
    sheet.scrollTop = 0;
    index = await loadIndex();
    if (isLate()) return;
    $("evidence-title").textContent = heading(asked);
    const found = await chosen(index, asked);
    if (isLate()) return;
    cases = found;
    $("misses").checked = asked.metric !== "outcomes" && cases.some((one) => ORDER[one.mood] < 2);
    await page(isLate);
  });

  // What a button is a number of.
  const askedBy = (button) => {
    const cell = button.closest("td"), table = button.closest("table");
    const column = cell && table ? table.querySelectorAll("col")[cell.cellIndex] : null;
    const said = (key) => {
      for (const at of [button, cell, column]) if (at && at.dataset[key]) return at.dataset[key];
      const round = button.closest(`[data-${key}]`);
      return round ? round.dataset[key] : undefined;
    };
    return { consolidator: Number(said("c")), metric: said("m"), slice: said("s"), scenario: said("n"),
      between: cell && cell.dataset.b ? cell.dataset.b : "" };
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.num, td > button");
    if (button) open(askedBy(button));
  });
  $("more").addEventListener("click", () => attempt(page));
  $("misses").addEventListener("change", () => attempt((isLate) => { shown = 0; return page(isLate); }));
  $("evidence-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
})();
