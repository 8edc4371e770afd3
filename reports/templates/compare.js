// The theme, opening what a link leads to, and the pairs of one consolidator. The page is whole without it.
"use strict";
(() => {
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  const who = document.getElementById("who");
  if (!who) return;
  who.closest(".chosen").hidden = false;
  who.addEventListener("change", () => {
    for (const node of document.querySelectorAll("[data-who]")) {
      node.hidden = who.value !== "" && !node.dataset.who.split(" ").includes(who.value);
    }
  });
})();
