// Loaded by every page: htmx without eval and without storing pages in the browser, and the behaviour of the components.
import htmx from "htmx.org";
import { initAll } from "govuk-frontend";
import "./enhance.js";
import "./continue.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false; // would need inline styles
htmx.config.historyCacheSize = 0; // pages hold personal data: none stays in the browser's storage
htmx.config.refreshOnHistoryMiss = true;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
htmx.onLoad((part) => initAll({ scope: part })); // the whole page first, then each part that htmx puts in
