// Sorts tables by a heading, shows only the consolidators that are asked for, and changes the theme.
"use strict";
(() => {
  // The cells of a column stand at the same place in every row; of two rows of heads the second begins after
  // the first column, which has the row of heads beside it.
  const columnOf = (th) => th.cellIndex + (th.parentNode.rowIndex > 0 ? 1 : 0);

  const sort = (th) => {
    const table = th.closest("table"), n = columnOf(th), isText = n === 0;
    const wasDown = th.getAttribute("aria-sort") === "descending", wasUp = th.getAttribute("aria-sort") === "ascending";
    const up = isText ? !wasUp : wasDown;
    table.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => (isText ? row.cells[0].textContent : row.cells[n].dataset.o);
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      if (isText) return value(a).localeCompare(value(b), "en") * (up ? 1 : -1);
      if (value(a) === "" || value(b) === "") return (value(a) === "") - (value(b) === "");
      return (value(a) - value(b)) * (up ? 1 : -1);
    });
    table.tBodies[0].append(...rows);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.sort");
    if (button) sort(button.closest("th"));
  });

  const theme = document.getElementById("theme");
  if (theme) theme.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // Whatever has data-c belongs to that consolidator; its name is the head of its row in the first table.
  const named = document.getElementById("named");
  if (!named) return;
  const controls = document.getElementById("controls"), note = document.getElementById("named-note");
  const heads = new Map([...document.querySelectorAll("#numbers tr[data-c]")].map((row) =>
    [row.dataset.c, { text: `${row.cells[0].title} ${row.cells[0].textContent}`.toLowerCase(),
      isControl: row.classList.contains("control") }]));
  const filter = () => {
    const words = named.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set([...heads].filter(([, { text, isControl }]) =>
      (isControl && controls ? controls.checked : words.every((word) => text.includes(word)))).map(([c]) => c));
    document.querySelectorAll("tr[data-c], .answers[data-c], .card[data-c], .panel[data-c], .key [data-c], .chart [data-c]")
      .forEach((one) => one.toggleAttribute("hidden", !shown.has(one.dataset.c)));
    note.textContent = shown.size === heads.size ? `all ${heads.size} shown` : `${shown.size} of ${heads.size} shown`;
  };
  named.addEventListener("input", filter);
  if (controls) controls.addEventListener("change", filter);
  named.closest(".filter").hidden = false;
  filter();
})();
