"use strict";
// One file for a day without a network. A finished response is written to this device before anybody is thanked, and
// leaves it only when the server has said that it has it. Unfinished ones are kept in memory alone and go with the page.
(() => {
  const study = JSON.parse(document.getElementById("study").textContent);
  const main = document.getElementById("main");
  const shelf = `commonbeat offline ${study.study} ${study.shelf}`;
  const batch = 20, patience = 20000;
  let language = study.languages[0], now = null, held = false, idle = 0, sending = false, again = false, told = "", at = "";

  const say = (key, names = {}) => Object.entries(names).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, String(value)), study.words[language][key]);
  const letters = (count, alphabet) => {
    const found = [], limit = 256 - (256 % alphabet.length), bytes = new Uint8Array(1);
    while (found.length < count) { crypto.getRandomValues(bytes); if (bytes[0] < limit) found.push(alphabet[bytes[0] % alphabet.length]); }
    return found.join("");
  };
  const key = () => letters(22, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  const code = () => letters(16, "0123456789ABCDEFGHJKMNPQRSTVWXYZ").replace(/(.{4})(?=.)/g, "$1-");

  // The shelf: what waits on this device. Every change is read back; a device that does not keep is told of at once.
  const waiting = () => { try { return JSON.parse(localStorage.getItem(shelf) || "[]"); } catch { return null; } };
  const put = (responses) => {
    try {
      const text = JSON.stringify(responses);
      localStorage.setItem(shelf, text);
      return localStorage.getItem(shelf) === text;
    } catch { return false; }
  };
  const add = (response) => put([...(waiting() || []).filter((one) => one.key !== response.key), response]);
  const remove = (keys) => put((waiting() || []).filter((one) => !keys.has(one.key)));
  const bundle = (responses) => JSON.stringify({ format: 1, study: study.study, responses });

  const send = async () => {
    if (!study.address) return;
    if (sending) { again = true; return; } // a network that comes back while a try without one still waits is not missed
    sending = true;
    try {
      const refused = new Set();
      let sent = 0;
      for (;;) {
        const next = (waiting() || []).filter((one) => !refused.has(one.key)).slice(0, batch);
        if (!next.length) break;
        const answer = await fetch(study.address, {
          method: "POST", mode: "cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer",
          headers: { "Content-Type": "text/plain;charset=UTF-8" }, body: bundle(next), signal: AbortSignal.timeout(patience),
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const heard = await answer.json();
        const asked = new Set(next.map((one) => one.key));
        const there = new Set([...heard.kept, ...heard.known].filter((one) => asked.has(one)));
        if (there.size) { remove(there); sent += there.size; }
        for (const one of asked) if (!there.has(one)) refused.add(one);
      }
      told = refused.size ? say("offline_refused", { count: refused.size }) : sent ? say("offline_all_sent") : "";
    } catch { told = say("offline_not_sent"); }
    finally { sending = false; }
    if (at === "start") start();
    if (again) { again = false; send(); }
  };

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bundle(waiting() || [])], { type: "application/json" }));
    link.download = `${study.study}-responses.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    told = say("offline_saved");
    start();
  };

  // Screens. Whatever a person wrote is only ever put in as text.
  const make = (name, words = "", more = {}) => Object.assign(document.createElement(name), { textContent: words, ...more });
  const button = (words, does, second = false) => {
    const made = make("button", words, { type: "button", className: second === true ? "second" : second || "" });
    made.addEventListener("click", does);
    return made;
  };
  const row = (...children) => { const made = make("div", "", { className: "actions" }); made.append(...children); return made; };
  const show = (...children) => {
    at = "";
    document.documentElement.lang = language;
    document.title = study.titles[language];
    main.replaceChildren(make("p", study.titles[language], { className: "study-name" }), ...children);
    scrollTo(0, 0);
    const heading = main.querySelector("h1");
    if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
  };

  const start = () => {
    clearTimeout(idle);
    now = null;
    held = false;
    const responses = waiting(), parts = [];
    if (study.languages.length > 1) {
      const choice = make("div", "", { className: "languages" });
      for (const each of study.languages) {
        const made = button(study.names[each], () => { language = each; start(); }, true);
        made.lang = each;
        if (each === language) made.setAttribute("aria-current", "true");
        choice.append(made);
      }
      parts.push(choice);
    }
    parts.push(make("h1", say("kiosk_heading")), make("p", say("kiosk_lead")));
    if (responses === null) parts.push(make("p", say("offline_no_shelf"), { className: "notice" }));
    else parts.push(row(button(say("start"), begin)));
    const state = make("section", "", { className: "panel" });
    state.append(make("p", say("offline_waiting", { count: (responses || []).length })));
    if (told) state.append(make("p", told, { role: "status" }));
    const acts = [];
    if ((responses || []).length && study.address) acts.push(button(say("offline_send"), send, true));
    if ((responses || []).length) acts.push(button(say("offline_save"), save, true));
    if (acts.length) state.append(row(...acts));
    parts.push(state);
    show(...parts);
    at = "start";
  };

  const begin = () => {
    now = { key: key(), audience: study.audiences[0], language, withdrawal_code: code(), pages: [], place: 0 };
    if (study.audiences.length === 1) { turn(); return; }
    const choice = row(...study.audiences.map((each) => button(say(`audience_${each}`), () => { now.audience = each; turn(); }, true)));
    show(make("h1", say("audience_heading")), make("p", say("audience_lead")), choice);
  };

  const turn = () => {
    const one = (name, value) => `[data-${name}="${CSS.escape(String(value))}"]`;
    const page = document.querySelector(`template${one("language", language)}${one("audience", now.audience)}${one("place", now.place)}`);
    if (!page) { finish(); return; }
    show(page.content.cloneNode(true));
    const form = main.querySelector("form");
    if (!form) { finish(); return; }
    form.addEventListener("submit", (event) => { event.preventDefault(); answer(page.dataset, form, event.submitter); });
    main.append(row(button(say("stop"), () => { told = ""; start(); }, "stop")));
  };

  const answer = (page, form, submitter) => {
    const entry = { wave: study.wave, page: page.page, key: key() };
    if (["consent", "permission", "assent"].includes(page.kind)) {
      if (submitter.value !== "yes") { refuse(); return; }
      Object.assign(entry, { agreed: true, by: page.kind === "permission" ? "guardian" : "self" });
    } else {
      if (mistaken(form)) return;
      const given = new FormData(form);
      entry.answers = Object.fromEntries([...new Set([...form.elements].map((one) => one.name))].filter(Boolean).map((name) => [name, given.get(name) || ""]));
    }
    now.pages.push(entry);
    now.place += 1;
    turn();
  };

  // A number outside its range is told before the page turns: afterwards nobody could be asked.
  const mistaken = (form) => {
    let first = null;
    for (const field of form.querySelectorAll("[data-low], [data-high]")) {
      const text = field.value.trim(), value = Number(text);
      const wrong = text !== "" && (!/^[+-]?\d{1,9}$/.test(text) || (field.dataset.low && value < Number(field.dataset.low)) || (field.dataset.high && value > Number(field.dataset.high)));
      const note = document.getElementById(field.getAttribute("aria-describedby").split(" ")[0]);
      field.setAttribute("aria-invalid", String(wrong));
      if (note) note.hidden = !wrong;
      if (wrong && !first) first = field;
    }
    if (first) first.focus();
    return Boolean(first);
  };

  const refuse = () => {
    now = null;
    told = "";
    show(make("h1", say("refused_heading")), make("p", say("refused_lead")), row(button(say("hand_over"), start)));
  };

  const finish = () => {
    const { place, ...response } = now;
    held = !add(response);
    if (held) {
      show(make("h1", say("offline_not_kept_heading")), make("p", say("offline_not_kept")), row(button(say("offline_try_again"), finish), button(say("offline_save"), () => rescue(response), true)));
      return;
    }
    now = null;
    told = "";
    const panel = make("section", "", { className: "panel" });
    panel.append(make("h2", say("code_heading")), make("p", say("code_once")), make("code", response.withdrawal_code, { className: "code" }), make("p", say("code_use")), make("p", say("code_where")));
    const ending = document.querySelector(`template[data-language="${CSS.escape(language)}"][data-audience="${CSS.escape(response.audience)}"][data-kind="debriefing"]`);
    const words = ending ? [ending.content.cloneNode(true)] : [make("h1", say("thanks_heading"))];
    show(...words, panel, row(button(say("hand_over"), start)));
    rest();
    send();
  };

  // The device took nothing: the one response leaves as a file, together with what waits.
  const rescue = (response) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bundle([...(waiting() || []), response])], { type: "application/json" }));
    link.download = `${study.study}-responses.json`;
    link.click();
  };

  // Nobody is there any more: the screen goes back to its start and shows nothing of the last one.
  const rest = () => { clearTimeout(idle); if (!held) idle = setTimeout(() => { told = ""; start(); }, study.idle_seconds * 1000); };
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, rest, { passive: true });
  addEventListener("online", send);
  addEventListener("pageshow", (event) => { if (event.persisted) start(); });
  start();
  send();
})();
