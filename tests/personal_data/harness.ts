/** The tag's own scrubbing without a browser: each line that comes in is a task, each that goes out its result. */
import { createInterface } from "node:readline";
import { cleanAddress } from "../../sdk/visit/address";
import { commands } from "../../sdk/commands";
import { isRedacted } from "../../sdk/visit/redact";
import { scrub } from "../../sdk/visit/scrub";

const PAGE = "https://publisher.localhost:8443/here";
globalThis.location = new URL(PAGE);

/** What of an event `azalead('event', name, properties)` is recorded, or null where it is refused. */
function event([name, properties]) {
  let recorded = null;
  try {
    commands({ record: (told) => (recorded = told) }, {}).event(name, properties);
  } catch {}
  return recorded;
}

const RUN = { address: cleanAddress, text: scrub, event, redacted: isRedacted };

/** A text that is a unit repeated, in a list that is as deep or an object that is as wide, if asked. */
function grown({ unit, start = "", end = "", length }) {
  return (start + unit.repeat(length / unit.length) + end).slice(0, length);
}

/** Milliseconds of a run, the best of some. */
function timed({ kind, value, json, text }) {
  const given = json ? ["n", JSON.parse(json)] : text ? grown(text) : value;
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    RUN[kind](given);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { kind, values, time } = JSON.parse(line);
  console.log(JSON.stringify(time ? timed(time) : values.map((value) => RUN[kind](value))));
});
