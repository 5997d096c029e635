// Saves what is typed as a draft a moment after the last change, and when the page is left. The server's answer is shown as it stands.
const PAUSE = 2500;
const RETRY = 10_000;
const SIGNED_OUT = [400, 401];

export function autosave(form) {
  const status = form.querySelector("[data-save-status]");
  const url = form.dataset.draftUrl;
  let timer, sending, dirty = false, stopped = !url;

  function show(text, problem) {
    if (!status || status.textContent === text) return;
    status.textContent = text;
    status.classList.toggle("actions-bar__status--problem", Boolean(problem));
  }

  function changed() {
    if (stopped) return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  async function save() {
    if (stopped || !dirty || sending) return;
    clearTimeout(timer);
    dirty = false;
    sending = true;
    let problem = form.dataset.saveFailed;
    try {
      let response = await send(false);
      if (SIGNED_OUT.includes(response.status) && (await renewed())) response = await send(false);
      const answer = await response.json();
      if (answer.version !== undefined) form.elements._version.value = answer.version;
      stopped = answer.stop === true;
      if (answer.signed_out) problem = answer.text;
      if (!response.ok && !stopped) throw new Error(String(response.status));
      show(answer.text, !response.ok);
    } catch {
      dirty = true;
      if (!stopped) {
        show(problem, true);
        timer = setTimeout(save, RETRY);
      }
    } finally {
      sending = false;
      if (dirty && !stopped) changed();
    }
  }

  // The same person has signed in again, in another tab: this page's forms take over the new session's token.
  async function renewed() {
    const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("[name=csrf_token]");
    if (!token || !reader(page) || reader(page) !== reader(document)) return false;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token.value;
    return true;
  }

  function reader(page) {
    return page.querySelector("[data-reader]")?.dataset.reader;
  }

  function send(leaving) {
    return fetch(url, { method: "POST", body: new FormData(form), keepalive: leaving, headers: { Accept: "application/json" } });
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault(); // the browser's own page would take the place of what was typed
      show(form.dataset.offline, true);
      changed();
      return;
    }
    stopped = true; // the page's own request carries everything
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload(); // back from the browser's memory: the version would be an old one
  });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("pagehide", () => {
    if (!stopped && dirty) send(true).catch(() => {});
  });
  return { changed };
}
