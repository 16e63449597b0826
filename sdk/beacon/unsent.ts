/**
 * What could not be sent, kept for the next page of the site. Other scripts, former versions and other
 * clients' tags write there as well, so all that is read is checked like any input.
 */
import { parseScrubbed } from "../commands";
import { attempt } from "../guard";
import { cleanAddress } from "../visit/address";
import { type Batch, toJson } from "./wire";

const NAME = CONFIG.brand + "_unsent";

const enum Beacons {
  /** That are kept: the page's own share of its storage stays its own. */
  MOST = 49,
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

/** All that a beacon of ours has, but for the properties of custom events, in the order of `SHAPE`. */
const FIELDS =
  "page id at url referrer title events seq type navigation visible engaged scroll kind href name";

/** A beacon with these fields as JSON, of whose events the first stands for all. */
const SHAPE =
  /^{"page":{"id":"[\w.-]{1,40}","at":\d{13},"url":"\w+:[^"]*","referrer":"[^"]*","title":".*"},"events":\[{"at":\d+,"seq":\d+,"type":"\w+".*}]}$/;

/** Adds these to what is kept, and returns what is true; throws where the browser keeps nothing. */
export function keepUnsent(batches: readonly Batch[]): unknown {
  const storage = localStorage;
  const all = [...read(storage), ...batches.map((batch) => ({ site: CONFIG.site, ...batch }))];
  shorten(all, Beacons.MOST);
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
  const others = all.filter(({ site }) => site !== CONFIG.site);
  if (others[0]) storage[NAME] = toJson(others);
  else storage.removeItem(NAME);
  return all
    .filter(({ site }) => site === CONFIG.site)
    .map((each) => attempt(rebuild, each)!)
    .filter(Boolean);
}

/**
 * Leaves out the oldest, beyond so many, but for what the very first tells besides custom events: the view.
 * Returns whether there were more.
 */
export function shorten(batches: Batch[], most: number): unknown {
  const [oldest] = batches.splice(0, batches.length - most);
  const events = oldest?.events.filter(({ type }) => type !== "event");
  if (events?.[0]) batches.unshift({ ...oldest!, events });
  return oldest;
}

/** What anybody has put there, as far as it is young; what is no list throws. */
const read = (storage: Storage): Unsent[] =>
  attempt(() =>
    (JSON.parse(storage[NAME] as string) as Unsent[]).filter((each) => attempt(isYoung, each)),
  ) || [];

const isYoung = ({ page: { at } }: Unsent, age = +new Date() - at) =>
  age >= 0 && age < Milliseconds.OLDEST;

/** Made anew of nothing but what belongs there; throws where it is not ours. */
function rebuild(unsent: Unsent): Batch {
  const json = JSON.stringify(unsent, FIELDS.split(" "));
  if (toJson(unsent).length > Characters.MOST || !SHAPE.test(json)) throw Error();
  const { page, events } = parseScrubbed(json) as Batch & { events: Record<string, unknown>[] };
  page.url = cleanAddress(unsent.page.url);
  page.referrer &&= cleanAddress(unsent.page.referrer);
  page.title = page.title.slice(0, 500);
  unsent.events.forEach(({ href, properties }: Record<string, unknown>, at) => {
    if (href) events[at]!.href = cleanAddress(href as string);
    if (properties) events[at]!.properties = parseScrubbed(toJson(properties));
  });
  // A visitor who is not named there is nobody that we know, and not whoever comes now.
  return { page, events, visitor: unsent.visitor || null };
}
