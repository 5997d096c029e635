// What pages do beyond plain forms; each works without it.
import { initAll } from "govuk-frontend";
import { autosave } from "./autosave.js";
import { liveForm } from "./live_form.js";
import { records } from "./records.js";

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
