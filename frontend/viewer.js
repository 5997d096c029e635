// Shows the diagram named by data-bpmn="URL". data-active, data-done, data-late, data-added and data-changed hold ids of elements, with spaces between.
// Buttons with data-zoom="in|out|fit" inside the same figure act on it; it begins readable, at what is going on.
// Sets data-ready to the number of warnings, or data-failed to the reason; the element's own content stays then.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";
import Viewer from "bpmn-js/lib/NavigatedViewer";

const MARKERS = ["done", "active", "late", "added", "changed"];
const READABLE = 0.75;
const STEP = 1.25;

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
  const registry = viewer.get("elementRegistry");
  mark(element, canvas, registry);
  begin(element, canvas, registry);
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", () => zoom(canvas, button.dataset.zoom));
  }
  element.dataset.ready = String(warnings.length);
}

function mark(element, canvas, registry) {
  for (const marker of MARKERS) {
    const ids = (element.dataset[marker] ?? "").split(" ");
    for (const id of ids) if (registry.get(id)) canvas.addMarker(id, `is-${marker}`);
  }
}

function begin(element, canvas, registry) {
  if (canvas.zoom("fit-viewport", "auto") >= READABLE) return;
  const { late = "", active = "", added = "", changed = "" } = element.dataset;
  const now = `${late} ${active} ${added} ${changed}`.trim().split(" ")[0];
  canvas.zoom(READABLE);
  const shown = registry.get(now) ?? registry.filter((part) => part.type === "bpmn:StartEvent")[0];
  if (shown) canvas.scrollToElement(shown, { top: 160, bottom: 160, left: 240, right: 480 });
}

function zoom(canvas, how) {
  if (how === "fit") canvas.zoom("fit-viewport", "auto");
  else canvas.zoom(canvas.zoom() * (how === "in" ? STEP : 1 / STEP), "auto");
}
