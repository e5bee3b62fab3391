// Layers, sides, marks and their cards; report and view share it. It builds no HTML from text.
"use strict";
(() => {
  const LAYERS = ["entities", "numbers", "boilerplate", "header", "changed", "tokens"];
  const root = document.documentElement, body = document.body;
  const tip = document.querySelector(".tip");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // What was chosen once is kept; a page opened from a file may have no storage.
  const keep = (name, value) => { try { localStorage.setItem("zhpipe-" + name, value); } catch { /* no storage */ } };
  const kept = (name) => { try { return localStorage.getItem("zhpipe-" + name); } catch { return null; } };

  // Light and dark
  const theme = kept("theme");
  if (theme) root.dataset.theme = theme;
  for (const button of all(".theme")) {
    button.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      keep("theme", root.dataset.theme);
    });
  }
  if (!document.querySelector(".document")) return;

  // On paper nothing can be opened.
  addEventListener("beforeprint", () => { for (const table of all("details")) table.open = true; });

  // Sides
  const articles = all(".article");
  let sideShown = "both";
  const show = (side) => {
    sideShown = side;
    for (const article of articles) {
      article.dataset.show = article.classList.contains("same") ? "text" : side;
    }
    for (const button of all(".sides button")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === side));
    }
  };
  const narrow = matchMedia("(max-width: 40rem)").matches;
  show(narrow ? "text" : kept("show") || "both");
  if (articles.every((article) => article.classList.contains("same"))) {
    for (const group of all(".sides")) group.hidden = true;
  }
  for (const button of all(".sides button")) {
    button.addEventListener("click", () => { show(button.dataset.show); keep("show", button.dataset.show); });
  }

  // Layers
  const toggle = (layer) => {
    const on = body.classList.toggle("on-" + layer);
    for (const button of all(`.layer[data-layer="${layer}"]`)) button.setAttribute("aria-pressed", String(on));
  };
  for (const button of all(".layer")) button.addEventListener("click", () => toggle(button.dataset.layer));
  const isOn = (layer) => body.classList.contains("on-" + layer);

  // Marks
  let current = null; // {doc, n}
  const docOf = (element) => element.closest(".document");
  const card = (doc, n) => document.getElementById(doc.dataset.key + "c" + n);
  const pieces = (doc, n) => all(`[data-a~="${n}"]`, doc);
  const marksAt = (element) => {
    const piece = element.closest("[data-a]");
    if (!piece) return null;
    const doc = docOf(piece);
    const numbers = piece.dataset.a.split(" ").filter((n) => isOn(card(doc, n).dataset.layer));
    return numbers.length ? { doc, numbers, piece } : null;
  };
  const clear = (name) => { for (const piece of all("." + name)) piece.classList.remove(name); };

  const choose = (doc, n, scroll) => {
    clear("chosen");
    if (!isOn(card(doc, n).dataset.layer)) toggle(card(doc, n).dataset.layer);
    const found = pieces(doc, n);
    for (const piece of found) piece.classList.add("chosen");
    current = { doc, n };
    const panel = doc.querySelector(".panel");
    const close = document.createElement("button");
    close.type = "button"; close.className = "close"; close.textContent = "×";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", leave);
    const shown = card(doc, n).cloneNode(true);
    shown.removeAttribute("id");
    panel.replaceChildren(close, shown);
    panel.classList.add("open");
    const visible = found.find((piece) => piece.offsetParent !== null && piece.classList.contains("begins"));
    if (visible && scroll) {
      visible.focus({ preventScroll: true });
      visible.scrollIntoView({ block: "center" });
    }
  };
  const leave = () => {
    clear("chosen");
    for (const panel of all(".panel")) panel.classList.remove("open");
    current = null;
  };

  document.addEventListener("click", (event) => {
    const jump = event.target.closest(".jump");
    if (jump) { event.preventDefault(); choose(docOf(jump), jump.dataset.n, true); return; }
    if (event.target.closest(".panel, button, a, summary, input, select")) return;
    const at = marksAt(event.target);
    if (!at) { leave(); return; }
    // The innermost first; clicking again goes outwards.
    const inner = at.numbers.length - 1;
    const before = current && current.doc === at.doc ? at.numbers.indexOf(String(current.n)) : -1;
    choose(at.doc, at.numbers[before > 0 ? before - 1 : inner], false);
  });

  document.addEventListener("mouseover", (event) => {
    clear("near");
    const at = marksAt(event.target);
    tip.hidden = !at;
    if (!at) return;
    const n = at.numbers[at.numbers.length - 1];
    for (const piece of pieces(at.doc, n)) piece.classList.add("near");
    tip.textContent = card(at.doc, n).dataset.short;
    const box = at.piece.getBoundingClientRect();
    const above = box.top > 60;
    tip.style.left = Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (above ? box.top - tip.offsetHeight - 6 : box.bottom + 6) + "px";
  });

  // Keys
  const step = (by) => {
    // The document that is being read, if no mark is chosen.
    const inView = articles.find((a) => a.getBoundingClientRect().bottom > 120) || articles[0];
    const doc = current ? current.doc : docOf(inView);
    const side = doc.querySelector(".article").dataset.show === "source" ? "s" : "t";
    const prefix = doc.dataset.key + side;
    const order = all(".begins", doc)
      .filter((p) => p.id.startsWith(prefix) && p.offsetParent !== null)
      .map((p) => p.id.slice(prefix.length))
      .filter((n) => isOn(card(doc, n).dataset.layer));
    if (!order.length) return;
    const at = current ? order.indexOf(String(current.n)) : by > 0 ? -1 : order.length;
    choose(doc, order[(at + by + order.length) % order.length], true);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const sides = ["source", "both", "text"];
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") leave();
    else if (event.key === "Enter" && marksAt(event.target)) event.target.click();
    else if (event.key === "s") show(sides[(sides.indexOf(sideShown) + 1) % 3]);
    else if (event.key >= "1" && event.key <= "6") toggle(LAYERS[Number(event.key) - 1]);
    else return;
    event.preventDefault();
  });
})();
