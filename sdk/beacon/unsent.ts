/**
 * What could not be sent, kept for the next page of the site. Other scripts, former versions and other
 * clients' tags write there as well, so all that is read is checked like any input.
 */
import { parseScrubbed } from "../commands";
import { attempt } from "../guard";
import { cleanAddress } from "../visit/address";
import { scrub } from "../visit/scrub";
import { type Batch, toJson } from "./wire";

const NAME = CONFIG.brand + "_unsent";

const enum Beacons {
  /** That are kept: the page's own share of its storage stays its own. */
  MOST = 50,
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

/** Of a page: `id`, `at`, `url`, `referrer` and `title`, as a list in JSON. */
const PAGE = /^\["[\w.-]{1,40}",\d{13},"[a-z]+:[^"]*","[^"]*",".*"]$/;

/** An event in JSON, with its fields in the order of `rebuildEvent`. */
const EVENT = RegExp(
  '^{"seq":\\d{1,9},"at":\\d{13},"type":("' +
    [
      'view","navigation":"(navigate|reload|back_forward(_cache)?|prerender|route|manual)"',
      'dwell","visible":\\d+,"engaged":\\d+(,"scroll":[\\d.]+)?',
      'click","kind":"(outbound|download)","href":"[a-z]+:[^"]+"',
      'event","name":".+","properties":{.*}',
    ].join('|"') +
    ")}$",
);

/** Adds these to what is kept, and returns what is true; throws where the browser keeps nothing. */
export function keepUnsent(batches: readonly Batch[]): unknown {
  const storage = localStorage;
  const added = batches.map((batch) => ({ site: CONFIG.site, ...batch }));
  const all = [...read(storage), ...added] as Unsent[];
  shorten(all, Beacons.MOST);
  return (storage[NAME] = toJson(all));
}

/**
 * Removes and returns what is kept of this client's, so that of several tabs only one sends it; throws
 * where storage does. What another client's tag has kept on the same origin stays, as long as it is young.
 */
export function takeUnsent(): Batch[] {
  const storage = localStorage;
  if (!(NAME in storage)) return [];
  const all = read(storage).filter((each) => attempt(isYoung, each as Unsent)) as Unsent[];
  const others = all.filter(({ site }) => site !== CONFIG.site).slice(-Beacons.MOST);
  if (others[0]) storage[NAME] = toJson(others);
  else storage.removeItem(NAME);
  return all
    .filter(({ site }) => site === CONFIG.site)
    .slice(-Beacons.MOST)
    .map((each) => attempt(rebuild, each)!)
    .filter(Boolean);
}

/** Leaves out the oldest, custom events first, until there are no more than so many. */
export function shorten(batches: Batch[], most: number): unknown {
  const isLong = batches.length > most;
  while (batches.length > most) {
    const at = batches.findIndex(({ events }) => events.some(isCustom));
    const { events, ...rest } = batches[Math.max(0, at)]!;
    const others = at < 0 ? [] : events.filter((event) => !isCustom(event));
    batches.splice(Math.max(0, at), 1, ...(others[0] ? [{ ...rest, events: others }] : []));
  }
  return isLong;
}

const isCustom = ({ type }: { readonly type?: string }) => type === "event";

/** A list of whatever somebody has put there. */
const read = (storage: Storage): unknown[] => {
  const list = attempt(() => JSON.parse(storage[NAME] as string) as unknown);
  return Array.isArray(list) ? list : [];
};

function isYoung({ page: { at } }: Unsent): boolean {
  const age = +new Date() - at;
  return age >= 0 && age < Milliseconds.OLDEST;
}

/** Made anew of nothing but what belongs there, without whom it tells of; throws where it is not ours. */
function rebuild(unsent: Unsent): Batch {
  const { id, at, url, referrer, title } = unsent.page;
  if (toJson(unsent).length > Characters.MOST || !PAGE.test(toJson([id, at, url, referrer, title])))
    throw unsent;
  return {
    // A visitor who is not named there is nobody that we know, and not whoever comes now.
    visitor: unsent.visitor || null,
    page: {
      id,
      at,
      url: cleanAddress(url),
      referrer: referrer && cleanAddress(referrer),
      title: scrub(title).slice(0, 500),
    },
    events: unsent.events.map(rebuildEvent),
  };
}

function rebuildEvent(event: Record<string, unknown>): object {
  const { seq, at, type, navigation, visible, engaged, scroll, kind, href, name, properties } =
    event;
  const fields = { navigation, visible, engaged, scroll, kind, href, name, properties };
  const json = toJson({ seq, at, type, ...fields });
  if (!EVENT.test(json)) throw event;
  const rebuilt = parseScrubbed(json);
  return href ? { ...rebuilt, href: cleanAddress(href as string) } : rebuilt;
}
