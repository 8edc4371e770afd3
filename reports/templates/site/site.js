// The leaderboard's tables: sorted by a heading, searched, narrowed to some columns or to one kind of item.
// Everything is set as text. Without this script the pages show all of it at once.
"use strict";
(() => {
  const root = document.documentElement;
  const stored = { get: () => { try { return localStorage.getItem("rembench-theme"); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem("rembench-theme", theme); } catch { /* a page may have to do without */ } } };
  if (["dark", "light"].includes(stored.get())) root.dataset.theme = stored.get();

  const MINUS = "\u2212", SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);
  const make = (tag, className, ...content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...content);
    return node;
  };
  const drawn = (tag, attributes) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  const theme = () => $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    stored.set(root.dataset.theme);
  });

  // Sorting: missing ones last, whichever way.
  const sort = (th) => {
    const table = th.closest("table"), n = [...th.parentNode.children].indexOf(th);
    const first = th.dataset.better === "lower" || th.querySelector(".sort").dataset.first === "up" ? "ascending" : "descending";
    const other = { ascending: "descending", descending: "ascending" };
    const way = th.hasAttribute("aria-sort") ? other[th.getAttribute("aria-sort")] : first;
    table.querySelectorAll("[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", way);
    const key = (row) => row.cells[n].dataset.o || "";
    const isText = [...table.tBodies[0].rows].some((row) => key(row) !== "" && Number.isNaN(Number(key(row))));
    const order = (a, b) => (isText ? key(a).localeCompare(key(b), "en") : Number(key(a)) - Number(key(b)));
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      if (key(a) === "" || key(b) === "") return (key(a) === "") - (key(b) === "");
      return way === "ascending" ? order(a, b) : order(b, a);
    });
    table.tBodies[0].append(...rows);
  };

  const sorting = () => document.querySelectorAll(".sort").forEach((button) => {
    button.disabled = false;
    button.addEventListener("click", () => sort(button.closest("th")));
  });

  // Searching, and how many are left.
  const narrow = () => {
    const table = $("board"), words = $("find").value.trim().toLocaleLowerCase("en");
    const withControls = !$("controls") || $("controls").checked;
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) {
      const text = [...row.querySelectorAll("th, .words")].map((cell) => cell.textContent).join(" ").toLocaleLowerCase("en");
      row.hidden = !text.includes(words) || (!withControls && row.classList.contains("control"));
    }
    const left = rows.filter((row) => !row.hidden).length;
    const kind = $("kind") && $("kind").value;
    const what = kind ? ` Numbers and ranks are those of items of kind ${kind}; ranks by the values that are right.` : "";
    $("shown").textContent = words || !withControls || kind ?
      `${left} of ${rows.length} rows shown.${what}` : "";
  };

  // One kind of item: every cell of the table for the kind's, and back.
  const interval = (th, [, value, low, high]) => {
    const least = Number(th.dataset.least), most = Number(th.dataset.most);
    if (th.dataset.least === undefined) return null;
    const at = (x) => (4 + (Math.min(most, Math.max(least, x)) - least) / (most - least) * 64).toFixed(1);
    const svg = drawn("svg", { class: "interval", viewBox: "0 0 72 10", "aria-hidden": "true" });
    svg.append(drawn("path", { class: "rail", d: "M4 5H68" }));
    if (low !== null && high !== null) svg.append(drawn("path", { class: "iv", d: `M${at(low)} 5H${at(high)}` }));
    svg.append(drawn("circle", { cx: at(value), cy: 5, r: 3 }));
    return svg;
  };
  const two = (x) => x.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", MINUS);

  const fill = (cell, th, row, found, kind) => {
    cell.dataset.o = "";
    if (!found) return cell.replaceChildren(make("span", "none", "–"), make("small", "why", "none in these scenarios"));
    if (found.length === 1) return cell.replaceChildren(make("span", "none", "–"), make("small", "why", found[0]));
    const [text, value, low, high, , missing] = found;
    const button = make("button", "num", text);
    button.type = "button";
    Object.assign(button.dataset, { c: row.dataset.c, m: th.dataset.m, s: `kind=${kind}` });
    cell.dataset.o = value;
    cell.replaceChildren(button, interval(th, found) || "");
    if (low !== null && high !== null) cell.append(make("small", "", `[${two(low)}, ${two(high)}]`));
    if (missing) cell.append(make("small", "missing", `${missing.toLocaleString("en")} missing`));
  };

  const rank = (cell, ranks) => {
    if (ranks === null) return;
    if (typeof ranks === "string") {
      cell.dataset.o = "";
      cell.replaceChildren(make("b", "", "no rank"), make("small", "why", ranks === "no rank" ? "" : ranks));
      return;
    }
    const [best, worst, of] = ranks;
    const at = (n) => (of > 1 ? 7 + (n - 1) * 118 / (of - 1) : 66);
    const svg = drawn("svg", { class: "ranks", viewBox: "0 0 132 18", "aria-hidden": "true" });
    svg.append(drawn("path", { class: "rail", d: "M7 9H125" }));
    svg.append(drawn("rect", { x: at(best) - 4, y: 5, width: at(worst) - at(best) + 8, height: 8, rx: 4 }));
    cell.dataset.o = best * 1000 + worst;
    cell.replaceChildren(svg, make("b", "", `${best === worst ? best : `${best} to ${worst}`} of ${of}`));
  };

  // By the best rank that an entry may have, then the worst, then by name; controls come last.
  const byRank = (rows, heads) => {
    const n = heads.findIndex((th) => th.classList.contains("rank"));
    const key = (row) => (row.classList.contains("control") ? Infinity : Number(row.cells[n].dataset.o || 1e12));
    return [...rows].sort((a, b) => (key(a) === key(b) ?
      (key(a) === Infinity ? 0 : a.cells[0].dataset.o.localeCompare(b.cells[0].dataset.o, "en")) : key(a) - key(b)));
  };

  const kinds = () => {
    const data = JSON.parse($("kind-data").textContent), table = $("board");
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const whole = rows.map((row) => [...row.cells].map((cell) => [cell.dataset.o, [...cell.childNodes]]));
    const restore = () => rows.forEach((row, r) => [...row.cells].forEach((cell, n) => {
      if (!n) return;
      cell.dataset.o = whole[r][n][0];
      cell.replaceChildren(...whole[r][n][1]);
      cell.classList.remove("unasked");
    }));
    $("kind").addEventListener("change", () => {
      const kind = $("kind").value, found = data[kind];
      restore();
      heads.forEach((th, n) => {
        const isAsked = !found || !th.dataset.m || th.dataset.m in found.cells;
        th.classList.toggle("unasked", !isAsked);
        rows.forEach((row, r) => {
          const cell = row.cells[n];
          cell.classList.toggle("unasked", !isAsked);
          if (found && isAsked && th.dataset.m) fill(cell, th, row, found.cells[th.dataset.m][r], kind);
          if (found && th.classList.contains("rank")) rank(cell, found.ranks[r]);
        });
      });
      const sorted = table.querySelector("[aria-sort]");
      if (sorted) sorted.removeAttribute("aria-sort");
      table.tBodies[0].append(...(found ? byRank(rows, heads) : rows));
      narrow();
    });
  };

  const views = () => {
    const table = $("board"), region = table.closest(".scroll");
    const fit = () => {
      region.classList.remove("wide-enough");
      region.classList.toggle("wide-enough", region.scrollWidth <= region.clientWidth);
    };
    const choose = () => {
      table.dataset.view = document.querySelector("[name=view]:checked").value;
      fit();
    };
    document.querySelectorAll("[name=view]").forEach((one) => one.addEventListener("change", choose));
    $("kind").addEventListener("change", fit);
    addEventListener("resize", fit);
    choose();
  };

  document.addEventListener("DOMContentLoaded", () => {
    theme();
    sorting();
    const tools = $("tools");
    if (!tools) return;
    tools.hidden = false;
    tools.addEventListener("submit", (event) => event.preventDefault());
    $("find").value = "";
    $("find").addEventListener("input", narrow);
    if ($("controls")) $("controls").addEventListener("change", narrow);
    if ($("kind-data")) {
      tools.reset();
      kinds();
      views();
    }
  });
})();
