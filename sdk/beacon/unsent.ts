/**
 * What could not be sent, kept for the next page of the site. Other scripts, former versions and other
 * clients' tags write there as well, so all that is read is checked like any input.
 */
import { parseScrubbed } from "../commands";
import { attempt } from "../guard";
import { cleanAddress } from "../visit/address";
import { scrub } from "../visit/scrub";
import { type Batch, type Page, toJson } from "./wire";

const NAME = CONFIG.brand + "_unsent";

const enum Beacons {
  /** That are kept: the page's own share of its storage stays its own. */
  MOST = 50,
  /** Of what others have put there: to look at more takes time. */
  LOOKED_AT = 500,
}

const enum Characters {
  /** Of one beacon: twice what its events and its page come to. */
  MOST = 32768,
}

const enum Milliseconds {
  /** Three days. */
  OLDEST = 259200000,
}

/** A batch as it is kept, with the client's account. */
interface Unsent extends Batch {
  readonly site: string;
}

/** All that a page and an event may have, but for the properties of custom ones, in their order below. */
const FIELDS =
  "id at url referrer title seq type navigation visible engaged scroll kind href name".split(" ");

/** With these fields, in JSON. */
const PAGE =
  /^{"id":"[\w.-]{1,40}","at":\d{13},"url":"\w+:[^"]*","referrer":"[^"]*","title":".*"}$/;
const EVENT =
  /^{"at":\d+,"seq":\d+,"type":"(view","navigation":"[a-z_]+"|dwell","visible":\d+,"engaged":\d+(,"scroll":[\d.]+)?|click","kind":"[a-z]+","href":"\w+:[^"]*"|event","name":".+")}$/;

/** What an event may have that is told in another form. */
interface Told {
  readonly type?: string;
  readonly href?: string;
  readonly name?: string;
  readonly properties?: object;
}

/** Adds these to what is kept, and returns what is true; throws where the browser keeps nothing. */
export function keepUnsent(batches: readonly Batch[]): unknown {
  const storage = localStorage;
  const all = [...read(storage), ...batches.map((batch) => ({ site: CONFIG.site, ...batch }))];
  shorten(all, Beacons.MOST * 0.8);
  return (storage[NAME] = toJson(all));
}

/**
 * Removes and returns what is kept of this client's, so that of several tabs only one sends it; throws
 * where storage does. What another client's tag has kept on the same origin stays, as long as it is young.
 */
export function takeUnsent(): Batch[] {
  const storage = localStorage;
  const all = read(storage);
  // Two sites may share an origin.
  const others = all.filter(({ site }) => site !== CONFIG.site).slice(-Beacons.MOST);
  if (others[0]) storage[NAME] = toJson(others);
  else storage.removeItem(NAME);
  return all
    .slice(-Beacons.LOOKED_AT)
    .map((each) => attempt(rebuild, each)!)
    .filter(Boolean)
    .slice(-Beacons.MOST);
}

/**
 * Leaves out custom events of the oldest, beyond so many, and of what else those tell a quarter as many
 * more: views come last. Returns whether there were any.
 */
export function shorten(batches: Batch[], most: number): unknown {
  const cut = batches.splice(0, batches.length - most);
  const rest = cut.map((batch) => ({
    ...batch,
    events: batch.events.filter(({ type }) => type !== "event"),
  }));
  batches.unshift(...rest.filter(({ events }) => events[0]).slice(-most / 4));
  return cut[0];
}

/** What anybody has put there, as far as it is young; what is no list throws. */
const read = (storage: Storage): Unsent[] =>
  attempt(() =>
    (JSON.parse(storage[NAME] as string) as Unsent[]).filter((each) => attempt(isYoung, each)),
  ) || [];

const isYoung = ({ page: { at }, events }: Unsent, age = +new Date() - at) =>
  age >= 0 && age < Milliseconds.OLDEST && events.every(({ type }) => type);

/** Made anew of nothing but what belongs there; throws where it is not ours. */
function rebuild({ page, events, visitor, ...rest }: Unsent): Batch | undefined {
  const { url, referrer } = page;
  if (rest.site !== CONFIG.site || toJson([page, events]).length > Characters.MOST || !events[0])
    return;
  const { title, ...told } = pick(page, PAGE) as Page;
  return {
    page: {
      ...told,
      url: cleanAddress(url),
      referrer: referrer && cleanAddress(referrer),
      title: scrub(title),
    },
    events: events.map(rebuildEvent),
    // A visitor who is not named there is nobody that we know, and not whoever comes now.
    visitor: visitor || null,
  };
}

const rebuildEvent = (event: Told): Told => ({
  ...pick(event, EVENT),
  ...(event.href && { href: cleanAddress(event.href) }),
  ...(event.type === "event" && {
    name: scrub(event.name!),
    properties: parseScrubbed(toJson({ ...event.properties })),
  }),
});

/** A copy with nothing but known fields; throws where they are not of that shape. */
function pick(value: object, shape: RegExp): object {
  const json = JSON.stringify(value, FIELDS);
  if (!shape.test(json)) throw Error();
  return JSON.parse(json) as object;
}
