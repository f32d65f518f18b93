"use strict";
// The page of a job follows the job. Without this script the page refreshes itself instead.

const place = document.getElementById("live");
const said = document.getElementById("told");

if (place?.dataset.open && window.EventSource) follow(place.dataset.job);

function follow(number) {
  const source = new EventSource(`/jobs/${number}/events`);
  let asking = false;
  let again = false;

  // The part that changes is asked for once at a time, however quick the draws are.
  async function refresh() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    const chosen = new URLSearchParams();
    for (const name of ["group", "outcome"]) if (place.dataset[name]) chosen.set(name, place.dataset[name]);
    if (place.dataset.waits) chosen.set("wait", "");
    try {
      const answer = await fetch(`/jobs/${number}/live?${chosen}`, { headers: { "HX-Request": "true" } });
      if (answer.ok) exchange(await answer.text());
      else if (answer.status === 401) window.location.reload();
    } catch {
      // The server is away for a moment; the source asks again by itself.
    }
    await new Promise((after) => setTimeout(after, 1000));
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }

  source.addEventListener("moved", (event) => {
    const { told, mark } = JSON.parse(event.data);
    // Read aloud at each quarter and each change of state; the time that is left is told with it, not each minute.
    if (said && said.dataset.mark !== mark) {
      said.dataset.mark = mark;
      said.textContent = told;
    }
    refresh();
  });
  source.addEventListener("ended", (event) => {
    source.close();
    const { opens } = JSON.parse(event.data);
    // In place of this page, so that "back" leads to where the work was asked for.
    if (opens && place.dataset.waits) window.location.replace(opens);
    else refresh();
  });
  // Signed out meanwhile: the page asks who is there.
  source.addEventListener("left", () => {
    source.close();
    window.location.reload();
  });
}

// Whoever is in a field, on a button or reading the log stays there.
function exchange(html) {
  const here = place.contains(document.activeElement) ? document.activeElement.id : "";
  if (here === "group" || here === "outcome") return;
  const open = place.querySelector("details.log")?.open;
  place.innerHTML = html;
  const log = place.querySelector("details.log");
  if (log && open) log.open = true;
  if (here) (document.getElementById(here) ?? place.querySelector("button, a.button"))?.focus();
}
