// Shows the diagram named by data-bpmn="URL". data-active, data-done and data-late hold ids of elements, with spaces between.
// Sets data-ready to the number of warnings, or data-failed to the reason; the element's own content stays then.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";
import Viewer from "bpmn-js/lib/NavigatedViewer";

const MARKERS = ["done", "active", "late"];

for (const element of document.querySelectorAll("[data-bpmn]")) {
  show(element).catch((error) => {
    element.dataset.failed = error.message;
  });
}

async function show(element) {
  const response = await fetch(element.dataset.bpmn, { headers: { Accept: "application/xml" } });
  if (!response.ok) throw new Error(String(response.status));
  const xml = await response.text();
  const viewer = new Viewer({ container: element });
  const { warnings } = await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  mark(element, canvas, viewer.get("elementRegistry"));
  element.dataset.ready = String(warnings.length);
}

function mark(element, canvas, registry) {
  for (const marker of MARKERS) {
    const ids = (element.dataset[marker] ?? "").split(" ");
    for (const id of ids) if (registry.get(id)) canvas.addMarker(id, `is-${marker}`);
  }
}
