// FEEL for the server: one script that puts `feelin` on V8's global object, with no page and no modules around it.
export { evaluate, parseExpression, parseUnaryTests, unaryTest } from "@bpmn-io/feelin";
// The server hands dates in and takes them out as ISO strings; luxon is what FEEL dates are made of.
export { DateTime, Duration, Settings } from "luxon";
