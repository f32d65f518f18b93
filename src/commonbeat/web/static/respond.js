// Comforts only: every page works without this file.
(() => {
  "use strict";
  const main = () => document.querySelector("main");

  // A page taken out of the browser's memory would show what somebody filled in: ask for it anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // After a page came without a reload, a screen reader goes on at its heading or at the list of mistakes.
  const settle = () => {
    scrollTo(0, 0);
    const target = document.querySelector(".mistakes") || document.querySelector("main h1");
    if (target) { target.setAttribute("tabindex", "-1"); target.focus({ preventScroll: true }); }
    arrange();
    tidy();
  };
  document.addEventListener("htmx:afterSettle", settle);
  for (const moment of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(moment, () => tidy());
  addEventListener("pagehide", () => tidy());

  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  }, true);

  // htmx notes where it is in the browser's storage; an address holds a token, so the note goes at once.
  const tidy = () => { try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* no storage, no note */ } };

  // How many letters an open answer may still have; and what holds only where this script runs.
  const arrange = () => {
    for (const said of document.querySelectorAll("[data-scripted]")) said.hidden = false;
    for (const field of document.querySelectorAll("textarea[maxlength]")) {
      const told = document.getElementById(`${field.id}-left`);
      if (!told) continue;
      const tell = () => { told.textContent = told.dataset.words.replace("{left}", String(field.maxLength - field.value.length)); };
      field.addEventListener("input", tell);
      tell();
    }
  };

  // A kiosk returns to its start when nobody touches it; it asks first, and any touch keeps the page. Whoever writes for long
  // gives the server a sign of life each minute, and whoever went away leaves their seat.
  let patience = 0, signed = Date.now();
  const tell = (address, how) => fetch(address, { credentials: "omit", cache: "no-store", ...how }).catch(() => { /* the server's own clock ends it */ });
  const leave = (kiosk, seat) => {
    const gone = seat ? tell(seat, { method: "POST", body: new URLSearchParams({ doing: "leave" }), redirect: "manual" }) : Promise.resolve();
    gone.finally(() => { location.replace(kiosk); });
  };
  const watch = () => {
    const { kiosk, seat } = main() ? main().dataset : {};
    if (!kiosk) return;
    clearTimeout(patience);
    const seconds = Number(main().dataset.seconds);
    patience = setTimeout(() => {
      const asking = document.querySelector(".still-there");
      if (asking && !asking.open) asking.showModal();
      patience = setTimeout(() => { leave(kiosk, seat); }, 20000);
    }, Math.max(5, seconds - 25) * 1000);
  };
  const stay = (event) => {
    const asking = document.querySelector(".still-there");
    if (asking && asking.open && event.type !== "scroll") asking.close();
    const seat = main() && main().dataset.seat;
    if (seat && Date.now() - signed > 60000) { signed = Date.now(); tell(seat, { method: "HEAD" }); }
    watch();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, stay, { passive: true });
  document.addEventListener("htmx:afterSettle", watch);
  arrange();
  tidy();
  watch();
})();
