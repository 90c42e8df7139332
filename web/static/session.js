// The token that forms carry; when a session has ended and the person has logged in again elsewhere, it is taken anew.

const holder = document.querySelector('meta[name="csrf-token"]');
let ended = false;

export const csrf = () => holder.content;

/** Told that the service refused for want of a session. */
export function sessionEnded() {
  ended = true;
}

async function takeAnew() {
  if (!ended || document.hidden || !holder.dataset.anew) return;
  try {
    const response = await fetch(holder.dataset.anew, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { csrf: fresh } = await response.json();
    holder.content = fresh;
    for (const input of document.querySelectorAll('input[name="csrf"]')) input.value = fresh;
    ended = false;
    document.dispatchEvent(new CustomEvent("session:back"));
  } catch {
    // the next look at the page tries again
  }
}

document.addEventListener("visibilitychange", takeAnew);
addEventListener("focus", takeAnew);
document.addEventListener("htmx:after:request", (event) => {
  const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status;
  if (status === 401 || status === 403) sessionEnded();
});
