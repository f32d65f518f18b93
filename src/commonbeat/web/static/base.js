"use strict";
// What every page of the team does beyond plain HTML. Without it, all forms and links work as they stand.

// htmx sends the session's token with whatever changes something.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
});

// Whoever is signed out meanwhile is led to the door instead of into a fragment of a page.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.reload();
});

// A form that was sent is not sent twice by an impatient second press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || "saves" in form.dataset) return; // a file that is saved leaves the page where it is
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The list of mistakes gets the focus, so that it is read first.
document.querySelector("[role=alert][tabindex]")?.focus();
