// The panel's cards in the browser: session, marks of what was typed, units, answers. htmx does the requests.
(() => {
  "use strict";
  const session = document.querySelector('meta[name="panel-session"]');
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- session: a bearer token, renewed by every answer ---------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers.Authorization = `Bearer ${session.content}`;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const renewed = event.detail.xhr && event.detail.xhr.getResponseHeader("X-Panel-Session");
    if (renewed) session.content = renewed;
  });

  // --- marks: what the chart filled stays marked so, what was typed says so -------------------------
  const isChoice = (control) => control.type === "radio";
  const group = (control) => (isChoice(control) ? all(`input[name="${control.name}"]`, control.form) : [control]);

  function isAsFilled(control) {
    if (isChoice(control)) return group(control).every((each) => each.checked === each.defaultChecked);
    if (control.tagName === "SELECT") return all("option", control).every((each) => each.selected === each.defaultSelected || (!each.value && !each.selected));
    return control.value.trim() === control.defaultValue.trim();
  }

  function mark(control) {
    const asFilled = isAsFilled(control);
    const isEmpty = isChoice(control) ? !group(control).some((each) => each.checked) : !control.value.trim();
    for (const each of group(control)) {
      each.filled ??= { source: each.dataset.source, date: each.dataset.date };
      delete each.dataset.source;
      delete each.dataset.date;
      if (asFilled) {
        if (each.filled.source) each.dataset.source = each.filled.source;
        if (each.filled.date) each.dataset.date = each.filled.date;
      } else if (!isEmpty) each.dataset.source = "entered";
    }
    const rounded = one(".rounded", control.closest(".field, .what-if"));
    if (rounded) rounded.hidden = !asFilled;
  }

  // --- units: the named control is canonical; the one beside it is converted ------------------------
  const isNumber = (text) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text);
  const canonicalOf = (other) => one("input[name]", other.closest(".entry"));

  function fromOther(other) {
    const { factor, offset = 0 } = other.dataset;
    const value = Number(other.value) * Number(factor) + Number(offset);
    canonicalOf(other).value = isNumber(other.value) ? String(Number(value.toPrecision(12))) : other.value;
  }

  function toOthers(control) {
    for (const other of all("input.other", control.closest(".entry"))) {
      const { factor, offset = 0 } = other.dataset;
      const value = (Number(control.value) - Number(offset)) / Number(factor);
      other.value = isNumber(control.value) ? String(Number(value.toPrecision(4))) : "";
    }
  }

  document.addEventListener("input", (event) => {
    const control = event.target;
    const form = control.form;
    if (!form || !form.matches("form.inputs")) return;
    if (control.dataset.factor) fromOther(control);
    else if (control.name && control.type === "text") toOthers(control);
    const named = control.dataset.factor ? canonicalOf(control) : control;
    if (named.name && !named.dataset.whatIf) mark(named);
    const card = form.closest("article");
    card.classList.add("busy");
    card.classList.toggle("edited", all("[name]:not([data-what-if])", form).some((each) => !isAsFilled(each)) || all("[data-what-if]:checked", form).length > 0);
  }, true);

  function reset(form) {
    form.reset();
    for (const control of all("[name]", form)) mark(control);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[data-do="reset"]');
    if (button) reset(one("form.inputs", button.closest("article")));
  });

  // --- answers: a card keeps its controls, so that caret and typing stay; its other parts are replaced
  function mergeCard(card, answer) {
    card.dataset.state = answer.dataset.state;
    card.classList.remove("busy", "failed");
    const trouble = one(".card-trouble", card);
    if (trouble) trouble.remove();
    for (const part of all("[data-part]", answer)) {
      const old = one(`[data-part="${part.dataset.part}"]`, card);
      if (old && !old.isEqualNode(part)) old.replaceWith(part);
    }
    for (const control of all("form.inputs [name]", card)) {
      const twin = one(`form.inputs [name="${control.name}"]`, answer);
      if (twin && twin.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    brief(card);
    glance(card);
    announce(card);
  }

  function brief(card) {
    const place = one(".brief", card);
    if (!place) return;
    const words = one(".refusal, .needs", card);
    const shown = document.createElement("span");
    shown.className = words ? "brief-words" : "brief-value";
    if (words) shown.textContent = words.textContent;
    else shown.replaceChildren(...all(".headline dd", card).flatMap((value) => [...value.cloneNode(true).childNodes, " "]));
    const band = one(".result .band", card);
    place.replaceChildren(shown, ...(band ? [" ", band.cloneNode(true)] : []));
  }

  function glance(card) {
    const link = one(`#glance a[href="#${card.id}"]`);
    if (!link) return;
    const values = all(".headline dd", card).flatMap((value) => [...value.cloneNode(true).childNodes, " "]);
    one(".glance-value", link).replaceChildren(...values);
    const band = one(".result .band", card);
    const shown = one(".band", link);
    const level = ["good", "watch", "high"].find((each) => band && band.classList.contains(each)) || "neutral";
    link.className = level;
    shown.className = `band ${level}`;
    shown.textContent = band ? band.textContent : card.dataset.state === "ready" ? "" : "needs a value";
  }

  let saying;
  function announce(card) {
    clearTimeout(saying);
    saying = setTimeout(() => {
      const title = one("h3", card).textContent;
      const parts = all(".headline dd, .result .band, .needs, .refusal", card).map((part) => part.textContent.trim());
      one("#live").textContent = `${title}: ${parts.join(", ")}`;
    }, 700);
  }

  function showTrouble(card, content) {
    card.classList.remove("busy");
    card.classList.add("failed");
    let place = one(".card-trouble", card);
    if (!place) {
      place = document.createElement("div");
      place.className = "card-trouble";
      one(".inside", card).before(place);
    }
    place.replaceChildren(content);
  }

  function paragraph(words) {
    const element = document.createElement("p");
    element.className = "notice notice-error";
    element.setAttribute("role", "alert");
    element.textContent = words;
    return element;
  }

  function replaceBody(old, fresh) {
    const typed = all('form.inputs [data-source="entered"]', old)
      .filter((control) => !isChoice(control) || control.checked)
      .map((control) => [control.closest("article").id, control.name, control.value]);
    const booking = one("#booking", old);
    if (booking) old.after(booking); // it was opened in a card, and belongs to the page
    const open = all("details[open]", old).map((details) => details.closest("article").id);
    old.replaceWith(fresh);
    for (const id of open) all(`#${CSS.escape(id)} > details`).forEach((details) => { details.open = true; });
    for (const [id, name, value] of typed) retype(one(`#${CSS.escape(id)} form.inputs`), name, value);
    document.dispatchEvent(new Event("chartside:body"));
  }

  function retype(form, name, value) {
    const control = form && one(`[name="${name}"]`, form);
    if (!control) return;
    const target = isChoice(control) ? one(`[name="${name}"][value="${value}"]`, form) : control;
    if (isChoice(control)) target.checked = true;
    else target.value = value;
    setTimeout(() => target.dispatchEvent(new Event("input", { bubbles: true })));
  }

  htmx.defineExtension("panel", {
    isInlineSwap: (style) => style === "panel",
    handleSwap(style, target, fragment) {
      if (style !== "panel") return false;
      const body = one("#panel-body", fragment);
      const card = one("article[data-calculator]", fragment);
      if (body) {
        replaceBody(target, body);
        return [body];
      }
      if (card) mergeCard(target, card);
      else if (target.matches("article")) showTrouble(target, fragment);
      else one("#trouble").replaceChildren(fragment);
      return [];
    },
  });

  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const card = event.target.closest("article");
      if (card && event.target.matches("form.inputs")) showTrouble(card, paragraph("Not recalculated: Chartside did not answer. Check the connection and change the value again."));
      else if (event.target.id === "refresh") one("#trouble").replaceChildren(paragraph("Not refreshed: Chartside did not answer. Check the connection and try again."));
    });
  }
})();
