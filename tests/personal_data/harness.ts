/**
 * The tag's own scrubbing, and the built stub, without a browser. Each line that comes in is a list of
 * values and what to do with them; each that goes out has the results.
 */
import { createInterface } from "node:readline";
import { runInNewContext } from "node:vm";
import { commands } from "sdk/commands";
import { cleanAddress } from "sdk/visit/address";
import { isRedacted } from "sdk/visit/redact";
import { scrub } from "sdk/visit/scrub";

const PAGE = "https://publisher.localhost:8443/here";
globalThis.location = new URL(PAGE);

const isAddress = (text) => /^(\/|[\w-]+:\/\/)/.test(text);

/** What leaves of a string, as an address or as a title; and what would if it told nobody. */
const told = (text) =>
  isAddress(text) ? [cleanAddress(text), new URL(text, PAGE).href] : [scrub(text), text];

/** The same of the stub, on a page with that address or title that is left before the tag came. */
function stubTold(text, { snippet }) {
  let body;
  let leave;
  const document = {
    title: isAddress(text) ? "" : text,
    cookie: "",
    referrer: "",
    head: { appendChild() {} },
  };
  const world = {
    document,
    location: new URL(isAddress(text) ? text : "/here", PAGE),
    navigator: {},
    // The view goes first and alone.
    fetch: (_, { body: sent }) => Promise.resolve((body ??= sent)),
    Document: { prototype: { createElement: () => ({}) } },
    addEventListener: (_, listener) => (leave = listener),
  };
  runInNewContext(snippet, Object.assign(world, { window: world, self: world }));
  leave();
  if (!body) return ["", told(text)[1]];
  const { page } = JSON.parse(body);
  return isAddress(text) ? [page.url, told(text)[1].split(/[?#]/)[0]] : [page.title, text];
}

/** What of an event `azalead('event', name, properties)` is recorded, or null where it is refused. */
function event([name, properties]) {
  let recorded = null;
  try {
    commands({ record: (told) => (recorded = told) }, {}).event(name, properties);
  } catch {}
  return recorded;
}

const RUN = {
  address: (text) => cleanAddress(text),
  text: scrub,
  event,
  /** The same of JSON, which may stand deeper in itself than Python can tell. */
  json: (text) => event(["n", JSON.parse(text)]),
  redacted: isRedacted,
  told,
  stubTold,
};

/** Milliseconds of a run, the best of some. */
function timed(run, value) {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    run(value);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { kind, values, isTimed, ...options } = JSON.parse(line);
  const run = (value) => RUN[kind](value, options);
  console.log(JSON.stringify(values.map((value) => (isTimed ? timed(run, value) : run(value)))));
});
