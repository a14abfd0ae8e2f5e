// The panel's page in the browser: search, copying as text, times, the header. Nothing here asks the server.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- search ---------------------------------------------------------------------------------------
  const haystacks = new WeakMap();

  // Its names, also as one types them: "fib4", "phq9", "meldna", "chadsvasc".
  function titles(card) {
    const names = [card.dataset.calculator, one("h3", card).textContent.toLowerCase()];
    const together = names.map((name) => name.replace(/[^\p{L}\p{N}]/gu, ""));
    return [...names, ...together, ...together.map((name) => name.replace(/\p{N}/gu, ""))].join(" ");
  }

  function haystack(card) {
    if (!haystacks.has(card)) {
      const labels = all("label, legend", card).map((element) => element.textContent);
      haystacks.set(card, `${titles(card)} ${card.dataset.find} ${labels.join(" ")}`.toLowerCase());
    }
    return haystacks.get(card);
  }

  let asked = one("#search").value; // outlives a refresh, which brings a new search field
  const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  function search() {
    asked = one("#search").value;
    const words = wordsOf(asked);
    const cards = all("#results article");
    for (const card of cards) card.hidden = !words.every((word) => haystack(card).includes(word));
    for (const place of all("#results section, #results .category")) {
      const inside = all("article", place);
      if (inside.length) place.hidden = inside.every((card) => card.hidden);
      else place.hidden = words.length > 0;
    }
    const found = cards.filter((card) => !card.hidden).length;
    one("#found").textContent = words.length ? `${found} of ${cards.length}${found ? "" : ": try a shorter word"}` : "";
  }

  function openFirst() {
    const found = all("#results article:not([hidden])");
    const card = found.find((each) => wordsOf(asked).every((word) => titles(each).includes(word))) || found[0];
    if (!card) return;
    const details = one(":scope > details", card);
    if (details) details.open = true;
    card.scrollIntoView({ block: "start" });
    const target = one("form.inputs .asked [name], form.inputs [name]", card);
    if (target) target.focus({ preventScroll: true });
  }

  document.addEventListener("input", (event) => { if (event.target.id === "search") search(); });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      one("#search").focus();
    } else if (event.target.id === "search" && event.key === "Enter") openFirst();
    else if (event.target.id === "search" && event.key === "Escape") {
      event.target.value = "";
      search();
    }
  });

  // --- copy: the clipboard where the frame may use it, else a box with the text selected -------------
  function asText(card) {
    const lines = [one("h3", card).textContent];
    for (const output of all(".output", card)) {
      if (output.dataset.value) lines.push(`${one("dt", output).textContent}: ${one("dd", output).textContent.replace(/\s+/g, " ").trim()}`);
    }
    for (const words of all(".result .band, .interpretation, .notice-line, .needs, .refusal, .stale", card)) lines.push(words.textContent.trim());
    lines.push("From:");
    for (const field of all(".field", card)) {
      const line = fieldText(field);
      if (line) lines.push(`- ${line}`);
    }
    lines.push(one(".cite", card).textContent.replace(/\s+/g, " ").trim());
    return lines.join("\n");
  }

  function fieldText(field) {
    const control = one("[name]", field);
    const checked = one("input:checked", field);
    const value = control.type === "radio" ? checked && checked.parentElement.textContent.replace(/\s+/g, " ").trim()
      : control.tagName === "SELECT" ? control.value && control.selectedOptions[0].textContent
      : (one(".rounded:not([hidden])", field) || {}).textContent || control.value.trim();
    if (!value) return "";
    const label = [...one("legend, label", field).childNodes].filter((node) => node.nodeName !== "SMALL").map((node) => node.textContent).join("").trim();
    const unit = one(".unit", field);
    const origin = one(".note .origin", field);
    return `${label} ${value}${unit ? ` ${unit.textContent}` : ""}${origin ? ` (${origin.textContent})` : ""}`;
  }

  async function copy(button) {
    const card = button.closest("article");
    const text = asText(card);
    try {
      await navigator.clipboard.writeText(text);
      one("#live").textContent = button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy as text"; }, 2000);
    } catch {
      const box = one(".copy-box", card) || document.createElement("textarea");
      box.className = "copy-box";
      box.readOnly = true;
      box.value = text;
      box.setAttribute("aria-label", "Text to copy: press Ctrl+C, or Command+C on a Mac");
      one(".foot", card).append(box);
      box.focus();
      box.select();
      one("#live").textContent = "The text is selected: press Ctrl+C.";
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[data-do="copy"]');
    if (button) copy(button);
  });

  // --- times: the doctor's zone as printed, the viewer's own where it differs ------------------------
  function clocks() {
    for (const time of all("time[data-clock]")) {
      const moment = new Date(time.dateTime);
      const two = (number) => String(number).padStart(2, "0");
      const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
      const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
      time.textContent = day(moment) === day(new Date()) ? clock : `${day(moment)} ${clock}`;
    }
  }

  // A very long name must not cover the frame while one scrolls.
  function unstick() {
    const header = one(".who");
    header.classList.toggle("still", header.offsetHeight > window.innerHeight / 4);
  }

  function prepare() {
    one("#search").value = asked;
    search();
    clocks();
    unstick();
  }

  addEventListener("resize", unstick);
  document.addEventListener("chartside:body", prepare);
  prepare();
})();
