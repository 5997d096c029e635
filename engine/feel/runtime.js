// What feelin needs around it on the server: one call answers many expressions, dates cross the border as dates,
// the hour is Swedish whatever the host's zone, and what went wrong comes back as a sentence.
// `arshjul` has three functions; each takes text and gives text or null.
globalThis.arshjul = (() => {
  const { DateTime, Duration, Settings } = feelin;
  const DATE = "\u0000date";
  const INSTANT = "\u0000instant";
  const BOOLEAN = new Set(["all", "any", "contains", "ends with", "even", "is", "list contains", "matches", "not", "odd", "starts with"]);

  // feelin reads `date and time("…")` without an offset in the host's zone: make that zone Sweden.
  Settings.defaultLocale = "en";
  const stockholm = DateTime.fromMillis(0, { zone: "Europe/Stockholm" }).zone;
  const host = Settings.defaultZone;
  Object.defineProperties(Object.getPrototypeOf(host), {
    name: { get: () => stockholm.name },
    offset: { value: (instant) => stockholm.offset(instant) },
    offsetName: { value: (instant, options) => stockholm.offsetName(instant, options) },
  });
  // feelin's date(x) takes the day in UTC, which is yesterday in Sweden just after midnight: keep the civil day.
  const setZone = DateTime.prototype.setZone;
  DateTime.prototype.setZone = function (zone, options) {
    return setZone.call(this, zone, zone === "utc" && options === undefined ? { keepLocalTime: true } : options);
  };

  const decode = (value) => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) value[at] = decode(value[at]);
      return value;
    }
    if (DATE in value) return DateTime.fromISO(value[DATE], { zone: "utc" });
    if (INSTANT in value) return DateTime.fromMillis(value[INSTANT], { zone: host });
    for (const key of Object.keys(value)) value[key] = decode(value[key]);
    return value;
  };

  const durationText = (value) => {
    const parts = value.years || value.quarters || value.months ? ["years", "months"] : [];
    return value.shiftTo(...parts, "days", "hours", "minutes", "seconds").normalize().toISO();
  };

  const encode = (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      if (!Number.isFinite(value)) throw new Error("the result is not a finite number");
      return Number.isInteger(value) ? value : Number(value.toPrecision(15));
    }
    if (Array.isArray(value)) return value.map(encode);
    if (DateTime.isDateTime(value)) {
      if (!value.isValid) throw new Error("the result is not a valid date");
      const isDate = value.zone.type === "fixed" && value.offset === 0 && value.toMillis() % 86400000 === 0;
      return isDate ? { [DATE]: value.toISODate() } : { [INSTANT]: value.toMillis() };
    }
    if (Duration.isDuration(value)) return durationText(value);
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error("the result is a function or a range, not a value");
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encode(part)]));
  };

  // Null in, null out is FEEL; any other warning is a misspelt name or a wrong type.
  const isFault = ({ type, details: { values } }) => {
    if (type === "NO_PROPERTY_FOUND") return values.target !== null && values.target !== undefined;
    if (type === "INVALID_TYPE") return values.left !== null && values.right !== null;
    return true;
  };

  const textOf = (expression, node) => expression.slice(node.from, node.to).replace(/\s+/g, " ");
  const isTarget = (node) => node.parent.name === "FunctionInvocation" && node.prevSibling === null;

  const parse = (expression) => {
    const tree = feelin.parseExpression(expression, {});
    tree.iterate({
      enter(node) {
        // feelin reads 1e3 as 1.
        if (node.name === "NumericLiteral" && /e/i.test(expression.slice(node.from, node.to))) {
          throw new Error(`write the number ${expression.slice(node.from, node.to)} without an exponent`);
        }
        if (!node.type.isError) return;
        const near = expression.slice(node.from, node.from + 20).trim();
        throw new Error(near ? `cannot be read at position ${node.from + 1}, near “${near}”` : "ends too early");
      },
    });
    return tree;
  };

  // today() and now() are the names today and now; a filter by a yes-or-no function is a test, which feelin takes for an index.
  const rewrite = (expression, tree) => {
    const edits = [];
    tree.iterate({
      enter({ node }) {
        if (node.name === "FunctionInvocation") {
          const called = textOf(expression, node.firstChild);
          if (called === "today" || called === "now") edits.push([node.from, node.to, called]);
          else if (node.parent.name === "FilterExpression" && node.prevSibling?.name === "[" && BOOLEAN.has(called)) edits.push([node.to, node.to, " = true"]);
        }
      },
    });
    let text = expression;
    for (const [from, to, put] of edits.sort((one, other) => other[0] - one[0])) text = text.slice(0, from) + put + text.slice(to);
    return text;
  };

  // Reading an expression costs fifty times as much as running it. As a FEEL function it is read once; the function looks
  // its names up in `scope` at every call, so one scope, filled anew, serves them all.
  // feelin's own min and max know numbers alone and give null for dates and texts without a word.
  const extreme = (name, better) => (...given) => {
    const values = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
    const kinds = new Set(values.map((value) => (DateTime.isDateTime(value) ? "date" : typeof value)));
    if (values.some((value) => value === null || value === undefined)) return null;
    if (kinds.size > 1 || !["date", "number", "string", undefined].includes([...kinds][0])) {
      throw new Error(`${name} needs numbers alone, texts alone or dates alone`);
    }
    return values.length ? values.reduce((best, value) => (better(value, best) ? value : best)) : null;
  };
  const OURS = { min: extreme("min", (one, other) => one < other), max: extreme("max", (one, other) => one > other) };

  const scope = {};
  const compiled = new Map();
  const compile = (expression) => {
    let found = compiled.get(expression);
    if (!found) {
      const { value, warnings } = feelin.evaluate(`function(_) ${rewrite(expression, parse(expression))}`, scope);
      found = { run: value.fn, warnings };
      if (compiled.size >= 4000) compiled.clear();
      compiled.set(expression, found);
    }
    return found;
  };

  const evaluate = (text) => {
    const { expressions, jobs, shared, scopes, now, today, dated } = JSON.parse(text);
    const base = dated ? decode(shared) : shared;
    if (now !== null) {
      base.now = DateTime.fromMillis(now, { zone: host });
      base.today = DateTime.fromISO(today, { zone: "utc" });
    }
    const values = [];
    let filled = -1;
    for (const [which, where] of jobs) {
      if (where !== filled) {
        for (const key of Object.keys(scope)) delete scope[key];
        Object.assign(scope, OURS, base, dated ? decode(scopes[where]) : scopes[where]);
        filled = where;
      }
      try {
        const { run, warnings } = compile(expressions[which]);
        warnings.length = 0;
        const value = encode(run(null));
        const fault = warnings.find(isFault);
        if (fault) throw new Error(fault.message);
        values.push(value);
      } catch (error) {
        return JSON.stringify({ failed: which, reason: error.message });
      }
    }
    return JSON.stringify({ values });
  };

  const check = (expression) => {
    try {
      const tree = parse(expression);
      const bound = boundNames(expression, tree);
      tree.iterate({
        enter({ node }) {
          if (node.name !== "VariableName" || !isTarget(node)) return;
          const called = textOf(expression, node);
          const known = bound.has(called) || called === "today" || called === "now" || feelin.evaluate(called, {}).warnings.length === 0;
          if (!known) throw new Error(`there is no function “${called}”`);
        },
      });
      compile(expression);
      return null;
    } catch (error) {
      return error.message;
    }
  };

  const boundNames = (expression, tree) => {
    const bound = new Set(["item", "partial", "_"]);
    tree.iterate({ enter: ({ node }) => { if (node.name === "Name") bound.add(textOf(expression, node)); } });
    return bound;
  };

  const inFilter = (node) => {
    for (let at = node; at.parent; at = at.parent) {
      if (at.parent.name === "FilterExpression" && at.prevSibling?.name === "[") return true;
    }
    return false;
  };

  const names = (expression) => {
    const tree = parse(expression);
    const bound = boundNames(expression, tree);
    const read = new Set();
    const free = new Set();
    const paths = new Set();
    tree.iterate({
      enter({ node }) {
        if (node.name !== "VariableName" || isTarget(node)) return;
        const name = textOf(expression, node);
        const isProperty = node.parent.name === "PathExpression" && node.prevSibling !== null;
        if (isProperty) {
          if (node.prevSibling.name === "VariableName") paths.add(`${textOf(expression, node.prevSibling)}.${name}`);
          return;
        }
        read.add(name);
        if (!bound.has(name) && !inFilter(node)) free.add(name);
      },
    });
    return JSON.stringify({ read: [...read], free: [...free], paths: [...paths] });
  };

  return { evaluate, check, names };
})();
