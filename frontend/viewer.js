// Shows the diagram named by data-bpmn="URL". data-active, data-done, data-late, data-faulty, data-added and data-changed hold ids of elements, with spaces
// between; data-counts holds id=words of what is written at its corner.
// Buttons with data-zoom="in|out|fit" inside the same figure act on it; it begins readable, at what is going on.
// Sets data-ready to the number of warnings, or data-failed to the reason; the element's own content stays then.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";
import Viewer from "bpmn-js/lib/NavigatedViewer";

const MARKERS = ["done", "active", "late", "faulty", "added", "changed"];
const READABLE = 0.75;
const STEP = 1.25;
const MARGIN = 30;
// Names of colours, so that the drawing goes over to dark ones with the page around it.
const COLOURS = { defaultFillColor: "var(--paper)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" };

for (const element of document.querySelectorAll("[data-bpmn]")) {
  show(element).catch((error) => {
    element.dataset.failed = error.message;
  });
}

async function show(element) {
  const response = await fetch(element.dataset.bpmn, { headers: { Accept: "application/xml" } });
  if (!response.ok) throw new Error(String(response.status));
  const xml = await response.text();
  const viewer = new Viewer({ container: element, bpmnRenderer: COLOURS });
  const { warnings } = await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  mark(element, canvas, registry);
  count(element, viewer.get("overlays"), registry);
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

function count(element, overlays, registry) {
  const counts = (element.dataset.counts ?? "").split(" ").filter(Boolean).map((each) => each.split("="));
  const faulty = (element.dataset.faulty ?? "").split(" ").filter(Boolean).map((id) => [id, "!"]);
  for (const [id, words] of [...counts, ...faulty]) {
    if (!registry.get(id)) continue;
    const html = document.createElement("span");
    html.className = words === "!" ? "diagram-count diagram-count--faulty" : "diagram-count";
    html.textContent = words;
    html.ariaHidden = "true";
    overlays.add(id, { position: words === "!" ? { top: -12, left: -12 } : { top: -10, right: 34 }, html });
  }
}

// Too large to be read at once, it begins at what is going on: the first such part, and those beside it that fit.
function begin(element, canvas, registry) {
  if (canvas.zoom("fit-viewport", "auto") >= READABLE) return;
  const { late = "", active = "", faulty = "", added = "", changed = "" } = element.dataset;
  const living = `${faulty} ${late} ${active} ${added} ${changed}`.trim().split(" ").map((id) => registry.get(id)).filter((part) => part?.width);
  const [first, ...others] = living.length ? living : registry.filter((part) => part.type === "bpmn:StartEvent");
  if (!first) return;
  const { outer } = canvas.viewbox();
  const [width, height] = [outer.width / READABLE, outer.height / READABLE];
  let shown = around(first);
  for (const part of others) {
    const both = joined(shown, around(part));
    if (both.right - both.left <= width && both.bottom - both.top <= height) shown = both;
  }
  const whole = around(canvas.viewbox().inner);
  canvas.viewbox({
    x: within((shown.left + shown.right - width) / 2, whole.left, whole.right - width),
    y: within((shown.top + shown.bottom - height) / 2, whole.top, whole.bottom - height),
    width,
    height,
  });
}

// Nothing outside the diagram is shown as long as there is diagram to show.
function within(wanted, least, most) {
  return Math.max(least, Math.min(wanted, most));
}

function around({ x, y, width, height }) {
  return { left: x - MARGIN, top: y - MARGIN, right: x + width + MARGIN, bottom: y + height + MARGIN };
}

function joined(one, other) {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

function zoom(canvas, how) {
  if (how === "fit") canvas.zoom("fit-viewport", "auto");
  else canvas.zoom(canvas.zoom() * (how === "in" ? STEP : 1 / STEP), "auto");
}
