// Opens the evidence behind a number. Everything shown comes from the page's own data and is set as
// text, never as markup. Shapes:
//   rows[consolidator]   [scenario, checkpoint, item, value, expected, observed, outcome, right, rule, note,
//                         leak level, (where, excerpt, mark start, mark end)]; texts are numbers into strings
//   cells[consolidator][metric or metric|slice]   [row number or "scenario checkpoint", amount, reason?]
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = (n) => (n === null || n === undefined ? "" : data.strings[n]);
  const dialog = document.getElementById("evidence");
  const list = document.getElementById("evidence-list");
  const more = document.getElementById("more");
  const misses = document.getElementById("misses");
  const PAGE = 50;
  let cases = [], shown = 0;

  const make = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };

  const parts = (metric) => {
    const of = (data.metrics[metric] || { of: [] }).of;
    return of.length ? of.flatMap(parts) : [metric];
  };

  const verdict = (metric, amount) => {
    const better = (data.metrics[metric.split("|")[0]] || {}).better;
    if (amount === null) return "unknown";
    if (better === "higher") return amount >= 1 ? "right" : "wrong";
    if (better === "lower") return amount <= 0 ? "right" : "wrong";
    return "right";
  };

  const ofCells = (consolidator, key) => {
    const names = key.includes("|") ? [key] : parts(key);
    return names.flatMap((name) =>
      ((data.cells[consolidator] || {})[name] || []).map(([row, amount, reason]) => ({
        row: typeof row === "number" ? data.rows[consolidator][row] : null,
        night: typeof row === "string" ? row : null,
        amount, reason: text(reason), metric: name, mood: verdict(name, amount),
      })));
  };

  const ofOutcome = (consolidator, key) => {
    const [expected, observed] = key.split("|");
    return data.rows[consolidator]
      .filter((row) => row[4] === expected && (row[5] || "no verdict") === observed)
      .map((row) => ({ row, amount: undefined, metric: "", mood: row[5] === null ? "unknown" : row[7] ? "right" : "wrong" }));
  };

  const quote = (row) => {
    if (row.length < 15) return null;
    const [where, excerpt, start, end] = row.slice(11);
    const box = make("blockquote"), whole = text(excerpt);
    box.append(whole.slice(0, start), make("mark", "", whole.slice(start, end)), whole.slice(end));
    const holder = make("div");
    holder.append(make("p", "meta", "memory, " + text(where)), box);
    return holder;
  };

  const describe = (one) => {
    const box = make("div", "case " + one.mood);
    const amount = one.amount === undefined ? "" : one.amount === null ? "no verdict" : String(Math.round(one.amount * 1000) / 1000);
    if (!one.row) {
      box.append(make("h3", "", one.night), make("p", "", `${data.metrics[one.metric.split("|")[0]].title}: ${amount} ${one.reason || ""}`));
      return box;
    }
    const [scenario, checkpoint, itemId, value, expected, observed, outcome, , rule, note, leak] = one.row;
    const item = itemId === null ? null : data.scenarios[scenario].items[itemId];
    const about = item ? text(item.about) : data.scenarios[scenario].title;
    box.append(make("h3", "", about));
    box.append(make("p", "meta", `${scenario} · ${checkpoint}${itemId === null ? "" : " · " + itemId + " · " + item.kind}`));
    if (item && value !== null) box.append(make("p", "", `“${text(item.values[value].text)}”`));
    const seen = expected === null ? outcome : `expected ${expected}, found ${observed || "no verdict"}${outcome ? ": " + outcome : ""}`;
    box.append(make("p", "", seen + (leak ? ` · leak level ${leak}` : "") + (amount && one.metric ? ` · counts ${amount}` : "")));
    box.append(make("p", "meta", "rule: " + text(rule) + (note === null ? "" : " · " + text(note)) + (one.reason ? " · " + one.reason : "")));
    const found = quote(one.row);
    if (found) box.append(found);
    if (item) {
      const sources = make("ul");
      if (item.request !== null && (expected === "absent")) sources.append(make("li", "", "asked to delete: " + text(item.request)));
      for (const source of value === null ? [] : item.values[value].sources) sources.append(make("li", "", text(source)));
      if (sources.childNodes.length) box.append(sources);
    }
    return box;
  };

  const page = () => {
    const chosen = misses.checked ? cases.filter((one) => one.mood !== "right") : cases;
    if (!shown) list.replaceChildren();
    chosen.slice(shown, shown + PAGE).forEach((one) => list.append(describe(one)));
    shown = Math.min(shown + PAGE, chosen.length);
    more.hidden = shown >= chosen.length;
    document.getElementById("evidence-note").textContent =
      chosen.length ? `${shown} of ${chosen.length} shown` : "Nothing here: " + (cases.length ? "no mistakes among " + cases.length + "." : "this number has no cells of its own.");
  };

  const open = (title, found) => {
    const order = { wrong: 0, unknown: 1, right: 2 };
    cases = found.sort((a, b) => order[a.mood] - order[b.mood]);
    shown = 0;
    document.getElementById("evidence-title").textContent = title;
    page();
    dialog.showModal();
    dialog.scrollTop = 0;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { consolidator, cells, outcome } = button.dataset;
    if (cells) open(`${consolidator}: ${cells.replace("|", ", ").replaceAll("_", " ")}`, ofCells(consolidator, cells));
    else if (outcome) open(`${consolidator}: expected ${outcome.replace("|", ", found ")}`, ofOutcome(consolidator, outcome));
    else if (button.classList.contains("sort")) sort(button.closest("th"));
  });
  more.addEventListener("click", page);
  misses.addEventListener("change", () => { shown = 0; page(); });
  document.getElementById("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  const sort = (th) => {
    const table = th.closest("table"), n = [...th.parentNode.children].indexOf(th);
    const up = th.getAttribute("aria-sort") === "descending";
    table.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    const value = (row) => parseFloat(row.children[n].dataset.order);
    rows.sort((a, b) => (up ? value(a) - value(b) : value(b) - value(a)));
    table.tBodies[0].append(...rows);
  };

  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
