// Asks the server to draw the form again when an answer decides which questions there are, or a row is added or removed.
// What was typed meanwhile, the focus and what was opened stay as they are.
const PAUSE = 250;

export function liveForm(form, { changed, swapped }) {
  const body = form.querySelector("[data-form-body]");
  const url = form.dataset.viewUrl;
  if (!body || !url) return;
  let timer, latest = 0;

  async function redraw(extra) {
    const turn = ++latest;
    const data = new FormData(form);
    if (extra) data.append(extra.name, extra.value);
    const response = await fetch(url, { method: "POST", body: data, headers: { Accept: "text/html" } });
    if (!response.ok || (turn !== latest && !extra)) return Boolean(response.ok);
    const fresh = document.createElement("template");
    fresh.innerHTML = await response.text();
    if (turn !== latest && !extra) return true;
    if (extra) put(fresh.content, null);
    else if (differs(fresh.content)) put(fresh.content, document.activeElement);
    return true;
  }

  function names(root) {
    return [...root.querySelectorAll("[name]")].map((field) => `${field.name}=${field.id}`).join("\n");
  }

  function differs(fresh) {
    return names(fresh) !== names(body);
  }

  function put(fresh, focused) {
    const place = focused && body.contains(focused) ? { id: focused.id, start: selection(focused) } : null;
    if (place) keepTyped(fresh);
    for (const open of fresh.querySelectorAll("details[id]")) {
      const before = document.getElementById(open.id);
      if (before) open.open = before.open || open.open;
    }
    body.replaceChildren(...fresh.childNodes);
    swapped(body);
    const target = place?.id ? document.getElementById(place.id) : body.querySelector("[data-focus]");
    target?.focus({ preventScroll: Boolean(place) });
    if (place?.start && target?.setSelectionRange) target.setSelectionRange(...place.start);
  }

  function keepTyped(fresh) {
    for (const field of fresh.querySelectorAll("input[id], textarea[id], select[id]")) {
      const before = document.getElementById(field.id);
      if (!before || before.type !== field.type) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = before.checked;
      else field.value = before.value;
    }
  }

  function selection(field) {
    try {
      return field.selectionStart === null ? null : [field.selectionStart, field.selectionEnd];
    } catch {
      return null;
    }
  }

  if (form.dataset.live === "true") {
    form.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(() => redraw().catch(() => {}), PAUSE);
    });
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row-action]");
    if (!button) return;
    event.preventDefault();
    clearTimeout(timer); // the row's own redraw shows what the change would have
    changed();
    redraw({ name: button.name, value: button.value })
      .then((drawn) => { if (!drawn) resubmit(button); })
      .catch(() => resubmit(button));
  });

  function resubmit(button) {
    delete button.dataset.rowAction; // the plain way
    form.requestSubmit(button);
  }
}
