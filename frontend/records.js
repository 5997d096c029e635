// Rows of records: one button opens or closes all of them; Alt with an arrow moves between the headings.
export function records(form) {
  for (const button of form.querySelectorAll("[data-open-all]")) {
    if (button.dataset.bound) continue;
    button.dataset.bound = "yes";
    button.hidden = false;
    const rows = () => [...button.closest("[data-records]").querySelectorAll("details.record")];
    button.addEventListener("click", () => {
      const open = rows().some((row) => !row.open);
      for (const row of rows()) row.open = open;
      button.textContent = open ? button.dataset.closeText : button.dataset.openText;
    });
  }
  if (form.dataset.recordKeys) return;
  form.dataset.recordKeys = "yes";
  form.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const here = event.target.closest("details.record");
    if (!here || !event.target.matches("summary")) return;
    const next = event.key === "ArrowDown" ? here.nextElementSibling : here.previousElementSibling;
    if (next?.matches("details.record")) {
      event.preventDefault();
      next.querySelector("summary").focus();
    }
  });
}
