// What pages do beyond plain forms; each works without it.
import { initAll } from "govuk-frontend";
import { autosave } from "./autosave.js";
import { liveForm } from "./live_form.js";
import { records } from "./records.js";

// A refused form is a draft by now: Back comes to the form with what was typed, not to a question about sending again.
if (document.querySelector("form[data-task-form]") && document.querySelector(".govuk-error-summary")) {
  window.history.replaceState(null, "", window.location.href);
}

// An error of a row that lies folded leads to the row, opened.
document.querySelector(".govuk-error-summary")?.addEventListener("click", (event) => {
  const row = document.getElementById(event.target.closest("a")?.hash.slice(1));
  if (!row?.matches("details")) return;
  event.preventDefault(); // going to the row would take the focus from its heading
  row.open = true;
  row.querySelector("summary").focus();
});

for (const read of document.querySelectorAll(".answers")) records(read);

// On paper everything is open; what was closed is closed again.
window.addEventListener("beforeprint", () => {
  for (const row of document.querySelectorAll(":is(details.record, details.whole-text):not([open])")) row.open = row.dataset.printed = true;
});
window.addEventListener("afterprint", () => {
  for (const row of document.querySelectorAll("details[data-printed]")) {
    row.open = false;
    delete row.dataset.printed;
  }
});

for (const form of document.querySelectorAll("form[data-task-form]")) {
  const saving = autosave(form);
  records(form);
  liveForm(form, {
    changed: saving.changed,
    swapped: (body) => {
      initAll({ scope: body });
      records(form);
    },
  });
}
