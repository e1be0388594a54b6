/* This file holds what pages do beyond plain HTML. Each part looks for its data- attributes and does
   nothing without them; every page works when this file does not arrive. */
(() => {
  "use strict";

  const PREFIX = "partner-assess:";
  const WAIT_AFTER_TYPING = 800;
  const WAIT_FOR_LINE = 30000;
  const locale = `${document.documentElement.lang || "en"}-u-nu-latn`;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /* Error summary: takes the focus, so that it is read first. */
  document.querySelector("[data-error-summary]")?.focus();

  /* Somebody who reads is here: said every five minutes, so that the session stays open. */
  const { here } = document.body.dataset;
  if (here) {
    let moved = false;
    ["keydown", "pointerdown", "scroll"].forEach((kind) => addEventListener(kind, () => { moved = true; }, { passive: true }));
    setInterval(() => {
      const form = document.querySelector("form[data-sign-out]");
      if (!moved || !form) return;
      moved = false;
      fetch(here, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
    }, 300000);
  }

  /* Printing: address and day at the foot. */
  addEventListener("beforeprint", () => {
    const day = new Date().toLocaleDateString(locale, { dateStyle: "long" });
    all("[data-print-stamp]").forEach((place) => { place.textContent = `${location.href}, ${day}`; });
  });

  /* Character counters. */
  all("textarea[data-limit]").forEach((area) => {
    const place = document.getElementById(`${area.id}-count`);
    if (!place) return;
    const show = () => {
      const rest = Number(area.dataset.limit) - area.value.length;
      const text = rest < 0 ? place.dataset.over : place.dataset.under;
      place.textContent = fill(text, { count: Math.abs(rest).toLocaleString(locale) });
      place.classList.toggle("late", rest < 0);
    };
    area.addEventListener("input", show);
    area.form?.addEventListener("restored", show);
    show();
  });

  /* The reason for rating differently: seen while it is needed, or while something is written in it. */
  const reasons = all("[data-reason-for]").map((box) => {
    const group = document.getElementById(box.dataset.reasonFor);
    const show = () => {
      const chosen = group?.querySelector(":checked")?.value;
      const suggested = group?.dataset.suggested;
      const written = all("textarea", box).some((area) => area.value.trim());
      const wrong = box.classList.contains("has-error");
      box.hidden = !written && !wrong && (!suggested || !chosen || chosen === suggested);
    };
    group?.addEventListener("change", show);
    group?.closest("form")?.addEventListener("restored", show);
    show();
    return { group, show };
  });

  /* Drafts. A device may refuse to keep anything; then answers are still sent. */
  const device = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
    },
    write(key, draft) {
      try { localStorage.setItem(PREFIX + key, JSON.stringify(draft)); return true; } catch { return false; }
    },
    wipe(key) {
      try { localStorage.removeItem(PREFIX + key); } catch { /* nothing is kept there */ }
    },
    wipeAll() {
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
          .forEach((key) => localStorage.removeItem(key));
      } catch { /* nothing is kept there */ }
    },
  };

  all("form[data-sign-out]").forEach((form) => form.addEventListener("submit", device.wipeAll));
  all("[data-autosave-wipe]").forEach((mark) => device.wipe(mark.dataset.autosaveWipe));

  /* Never kept and never compared: files, passwords, hidden fields (the token among them), buttons. */
  const KEPT = "textarea, select, input:not([type=file], [type=password], [type=hidden], [type=submit], [type=button])";

  function answers(form) {
    const found = {};
    all(KEPT, form).forEach((input) => {
      if (!input.name || input.name === "csrf_token" || input.disabled) return;
      found[input.name] ??= [];
      if (["radio", "checkbox"].includes(input.type)) {
        if (input.checked) found[input.name].push(input.value);
      } else if (input.multiple) {
        [...input.selectedOptions].forEach((option) => found[input.name].push(option.value));
      } else {
        found[input.name].push(input.value);
      }
    });
    return found;
  }

  function putBack(form, values) {
    const used = {};
    all(KEPT, form).filter((input) => input.name in values).forEach((input) => {
      const kept = values[input.name];
      if (["radio", "checkbox"].includes(input.type)) input.checked = kept.includes(input.value);
      else if (input.multiple) [...input.options].forEach((option) => { option.selected = kept.includes(option.value); });
      else input.value = kept[(used[input.name] = (used[input.name] ?? -1) + 1)] ?? "";
    });
    form.dispatchEvent(new Event("restored"));
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function autosave(form) {
    const { autosaveUrl: url, autosaveKey: key } = form.dataset;
    const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    const conflict = document.querySelector("[data-conflict]");
    const seen = form.querySelector("input[name=seen]");
    const refused = document.querySelector("[data-error-summary]") !== null;
    let saved = answers(form); /* what the server is known to hold */
    let timer = 0;
    let sending = false;
    let stopped = false;
    let submitted = false;

    const waiting = () => {
      const now = answers(form);
      return Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(value, saved[name])));
    };

    function say(text) {
      if (status && status.textContent !== text) status.textContent = text;
    }

    function sayWaiting(at, count) {
      if (!status) return;
      const forms = JSON.parse(status.dataset.waiting);
      const text = forms[new Intl.PluralRules(locale).select(count)].replace(/\d+/, count);
      say(`${fill(status.dataset.kept, { time: at })} ${text}`);
    }

    function keep() {
      if (!key) return;
      const values = waiting();
      const count = Object.keys(values).length;
      if (count === 0) { device.wipe(key); return; }
      const at = new Date().toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      if (device.write(key, { at, seen: seen?.value, values, submitted })) sayWaiting(at, count);
    }

    function later(delay) {
      clearTimeout(timer);
      timer = setTimeout(() => send(), delay);
    }

    async function post() {
      const body = new FormData(form);
      all("input[type=file], input[type=password]", form).forEach((input) => body.delete(input.name));
      return fetch(url, {
        method: "POST", body, headers: { "X-Autosave": "1", Accept: "application/json" },
        credentials: "same-origin", redirect: "manual",
      });
    }

    async function send(mayRetry = true) {
      if (sending || stopped || Object.keys(waiting()).length === 0) return;
      sending = true;
      const sent = answers(form);
      let again = 0;
      try {
        const response = await post();
        const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
        const answer = isJson ? await response.json() : {};
        if (response.ok && isJson) {
          saved = sent;
          if (seen && answer.version !== undefined) seen.value = answer.version;
          reasons.forEach(({ group, show }) => {
            if (answer.suggested === undefined || !group) return;
            group.dataset.suggested = answer.suggested;
            show();
          });
          keep();
          if (Object.keys(waiting()).length) again = WAIT_AFTER_TYPING;
          else if (status) say(fill(status.dataset.sent, { time: answer.saved_at ?? "" }));
        } else if (response.status === 409) {
          stopped = true;
          conflict?.removeAttribute("hidden");
        } else if (response.status === 400 && answer.csrf) {
          all("input[name=csrf_token]").forEach((input) => { input.value = answer.csrf; });
          if (mayRetry) again = 1;
        } else if (response.status >= 500) {
          again = WAIT_FOR_LINE;
        }
        sending = false;
        if (again === 1) { await send(false); again = 0; }
      } catch {
        again = WAIT_FOR_LINE; /* no line: the answers stay on the device until there is one */
      }
      sending = false;
      if (again) later(again);
    }

    function restore() {
      const draft = key && device.read(key);
      if (!draft?.values) return;
      const held = Object.fromEntries(Object.keys(draft.values).map((name) => [name, saved[name]]));
      const arrived = same(held, draft.values) || (draft.submitted && draft.seen !== seen?.value);
      if (arrived && !refused) { device.wipe(key); return; }
      if (refused) Object.keys(draft.values).forEach((name) => { delete saved[name]; });
      else {
        putBack(form, draft.values);
        if (seen && draft.seen !== undefined) seen.value = draft.seen; /* so that the server notices a change meanwhile */
      }
      sayWaiting(draft.at, Object.keys(waiting()).length);
      if (!refused) later(WAIT_AFTER_TYPING);
    }

    form.addEventListener("input", () => { keep(); later(WAIT_AFTER_TYPING); });
    form.addEventListener("submit", () => { clearTimeout(timer); submitted = true; keep(); stopped = true; });
    addEventListener("pageshow", (event) => { if (event.persisted) { submitted = false; stopped = false; } });
    addEventListener("online", () => later(0));
    restore();
  }

  all("form[data-autosave-url]").forEach(autosave);
})();
