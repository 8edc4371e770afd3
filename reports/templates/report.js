// Sorts the tables and changes the theme.
"use strict";
(() => {
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
    const button = event.target.closest("button.sort");
    if (button) sort(button.closest("th"));
  });
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
