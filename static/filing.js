// Puts results into the chart: save, add to note, undo, book. Every request carries an id of its own, so that a
// double click, a retry after a lost answer or a second tab is the same request, and never a second document.
(() => {
  "use strict";
  if (window.chartsideFiling) return;
  window.chartsideFiling = true;

  const session = document.querySelector('meta[name="panel-session"]');
  const one = (selector, root = document) => root.querySelector(selector);
  const FIRST_POLL_MS = 1500;
  const LONGEST_POLL_MS = 20000;
  const POLL_FOR_MS = 10 * 60 * 1000;
  const LOST = "Chartside did not answer, so it is not known whether this worked. Check the connection and try again; nothing is filed twice.";

  // --- requests ---------------------------------------------------------------------------------------
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // a frame served over http has no randomUUID
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  async function call(method, path, fields) {
    const answer = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${session.content}`, Accept: "application/json" },
      body: fields ? new URLSearchParams(fields) : undefined,
      credentials: "omit",
      cache: "no-store",
    });
    const renewed = answer.headers.get("X-Panel-Session");
    if (renewed) session.content = renewed;
    const body = await answer.json();
    return { code: answer.status, body, words: body.detail || body.error || "" };
  }

  // --- write-backs: one state per card and kind ---------------------------------------------------------
  const states = new WeakMap(); // the line under the buttons -> what was filed last from there

  function fieldsOf(card, kind) {
    const fields = [["kind", kind], ["calculator", card.dataset.calculator]];
    for (const [name, value] of new FormData(one("form.inputs", card))) {
      const control = one(`form.inputs [name="${CSS.escape(name)}"]`, card);
      if (!control.dataset.whatIf) fields.push([name, value]);
    }
    return fields;
  }

  function show(line, state, words, { undo = false, again = false } = {}) {
    line.hidden = false;
    line.dataset.state = state;
    const text = one("p", line);
    if (text.textContent !== words) text.textContent = words;
    for (const [selector, wanted] of [["[data-undo]", undo], ["[data-again]", again]]) {
      const button = one(selector, line);
      const hadFocus = document.activeElement === button;
      button.hidden = !wanted;
      if (hadFocus && !wanted) one(`[data-file="${line.dataset.filingState}"]`, line.closest(".filing")).focus();
    }
  }

  function lineOf(button) {
    const filing = button.closest(".filing");
    const kind = button.dataset.file || button.closest("[data-filing-state]").dataset.filingState;
    return one(`[data-filing-state="${kind}"]`, filing);
  }

  async function file(line) {
    const card = line.closest("article");
    const kind = line.dataset.filingState;
    const known = states.get(line);
    if (known && known.busy) return;
    if (card.dataset.state !== "ready") {
      show(line, "failed", "Nothing to file yet: this card needs its values first.");
      return;
    }
    const fields = fieldsOf(card, kind);
    const body = new URLSearchParams(fields).toString();
    const isSame = known && known.body === body && !["failed", "undone"].includes(known.status);
    const state = isSame ? known : { body, requestId: newId(), status: "" };
    state.busy = true;
    states.set(line, state);
    show(line, "saving", kind === "note" ? "Adding…" : "Saving…");
    try {
      const answer = await call("POST", "/panel/write-backs", [...fields, ["request_id", state.requestId]]);
      settle(line, state, answer);
    } catch {
      show(line, "failed", LOST, { again: true }); // the same request_id again: it may have been filed
    } finally {
      state.busy = false;
    }
  }

  function settle(line, state, { code, body, words }) {
    if (code === 409) state.status = "failed"; // that id belongs to another result: the next click takes a new one
    else if (body.status) state.status = body.status;
    if (body.id) state.id = body.id;
    const isDocument = line.dataset.filingState === "document";
    if (code >= 400) {
      show(line, "failed", words || "It was not filed. Try again.", { again: code !== 401 });
    } else if (state.status === "queued") {
      show(line, "queued", words, { undo: true });
      poll(line, state);
    } else {
      show(line, state.status, words, { undo: isDocument && state.status === "delivered", again: state.status === "failed" });
    }
  }

  function poll(line, state, wait = FIRST_POLL_MS, until = Date.now() + POLL_FOR_MS) {
    clearTimeout(state.timer);
    state.timer = setTimeout(async () => {
      if (!line.isConnected || states.get(line) !== state || state.status !== "queued") return;
      if (Date.now() > until) {
        show(line, "queued", "DrChrono is still not answering. It will be saved; this page no longer watches.", { undo: true });
        return;
      }
      try {
        const answer = await call("GET", `/panel/write-backs/${state.id}`);
        if (answer.code === 200 && answer.body.status !== "queued") return settle(line, state, answer);
        if (answer.code === 401) return show(line, "queued", answer.words);
        if (answer.code === 200) show(line, "queued", answer.words, { undo: true });
      } catch { /* asked again below */ }
      poll(line, state, Math.min(wait * 1.5, LONGEST_POLL_MS), until);
    }, wait);
  }

  async function undo(line) {
    const state = states.get(line);
    if (!state || !state.id || state.undoing) return;
    state.undoing = true; // not `disabled`, which would take the focus from whoever uses the keyboard
    try {
      const { code, body, words } = await call("DELETE", `/panel/write-backs/${state.id}`);
      if (code === 200) {
        state.status = body.status;
        show(line, body.status, words);
      } else {
        const stands = line.dataset.filingState === "document" && body.status === "delivered";
        show(line, state.status, words || "It could not be undone. Try again.", { undo: code !== 409 || stands });
      }
    } catch {
      show(line, state.status, "Not undone: Chartside did not answer. Try again.", { undo: true });
    } finally {
      state.undoing = false;
    }
  }

  // --- booking: one form, moved to the card that asked for it -------------------------------------------
  let booking = null;
  let opener = null;
  let sent = { body: "", requestId: "" };

  function openBooking(button) {
    booking = document.getElementById("booking") || booking;
    if (!booking) return;
    const wasOpen = opener === button && booking.isConnected && !booking.hidden;
    closeBooking(false);
    if (wasOpen) return button.focus();
    button.closest("footer, .filing").after(booking);
    opener = button;
    button.setAttribute("aria-expanded", "true");
    booking.hidden = false;
    const form = one("form", booking);
    if (form) {
      form.elements.reason.value = button.dataset.book;
      say("", "");
      form.elements.office.focus();
    } else one("[data-close]", booking).focus();
  }

  function closeBooking(returnFocus = true) {
    if (booking) booking.hidden = true;
    if (!opener) return;
    opener.setAttribute("aria-expanded", "false");
    if (returnFocus) opener.focus();
    opener = null;
  }

  function say(state, words) {
    const line = one(".booking-state", booking);
    line.dataset.state = state;
    line.textContent = words;
  }

  function rooms(form) {
    const options = [...form.elements.exam_room.options];
    for (const option of options) option.hidden = option.disabled = option.dataset.office !== form.elements.office.value;
    const chosen = form.elements.exam_room.selectedOptions[0];
    if (!chosen || chosen.disabled) (options.find((option) => !option.disabled) || options[0]).selected = true;
  }

  async function book(form) {
    if (sent.busy) return;
    const fields = [...new FormData(form)];
    const body = new URLSearchParams(fields).toString();
    if (sent.body !== body) sent = { body, requestId: newId() }; // unchanged: the same request, looked up first
    const request = sent;
    request.busy = true;
    say("saving", "Booking…");
    try {
      const answer = await call("POST", "/panel/appointments", [...fields, ["request_id", request.requestId]]);
      for (const control of form.elements) control.removeAttribute("aria-invalid");
      if (answer.code === 201 || answer.code === 200) {
        const [date, time] = answer.body.scheduled_time.split("T");
        say("delivered", `Booked for ${date} at ${time.slice(0, 5)}.`);
      } else {
        for (const name of Object.keys(answer.body.errors || {})) {
          if (form.elements[name]) form.elements[name].setAttribute("aria-invalid", "true");
        }
        say("failed", answer.words || "Nothing was booked. Try again.");
      }
    } catch {
      say("failed", LOST);
    } finally {
      request.busy = false;
    }
  }

  // --- events --------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const isRepeat = event.detail > 1; // of a double click, maybe on what has come under the pointer since
    if (isRepeat && button.closest(".filing")) return;
    if (button.dataset.file || "again" in button.dataset) file(lineOf(button));
    else if ("undo" in button.dataset) undo(lineOf(button));
    else if (button.dataset.book) openBooking(button);
    else if ("close" in button.dataset && button.closest("#booking")) closeBooking();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".booking-form")) return;
    event.preventDefault();
    book(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form && event.target.form.matches(".booking-form") && event.target.name === "office") rooms(event.target.form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#booking")) closeBooking();
  });

  function offerNotes(root = document) {
    if (!/\/clinical-note\/?$/.test(location.pathname)) return;
    for (const button of root.querySelectorAll('[data-file="note"][hidden]')) button.hidden = false;
  }
  offerNotes();
  document.addEventListener("htmx:afterSettle", () => offerNotes());
})();
