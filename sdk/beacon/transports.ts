/**
 * How a beacon gets out. A string travels as text/plain, which needs no preflight. No request tells more
 * of the page in its `Referer` than the origin, whatever policy the page has.
 */
import { attempt, later } from "../guard";

const EVENTS = CONFIG.collector + "/events";

const enum Milliseconds {
  /** Until a request that was not answered has failed. */
  PATIENCE = 10000,
}

/** A beacon as `fetch` takes it. */
export interface Parcel extends RequestInit {
  readonly body: string;
}

export interface Transports {
  /** Beacons go by images, for `fetch` is broken; one that is on its way may end with the page. */
  isFetchBroken: unknown;
  /** While the page lives: whether the collector has it. */
  send(parcel: Parcel): Promise<unknown>;
}

/**
 * A page's monitors wrap `fetch` and add headers, so that each request of ours dies at a preflight; others
 * throw, or never answer. To us that looks as if the collector were down, and an image tells them apart.
 */
export const openTransports = (): Transports => ({
  isFetchBroken: 0,
  async send(parcel) {
    if (!this.isFetchBroken && (await inTime(fetchAnswer, parcel))) return true;
    this.isFetchBroken ||= isFetchReplaced();
    return (this.isFetchBroken &&= await inTime(loadImage, parcel));
  },
});

/** While the page is left: whether the browser took it. `isDoubtful`: `fetch` may be broken. */
export function sendOnLeave(parcel: Parcel, isDoubtful: unknown): unknown {
  if (!isDoubtful) return attempt(fetchOnLeave, parcel) || attempt(sendByOther, parcel);
  if (attempt(sendByOther, parcel)) return true;
  // Perhaps it arrives all the same; who keeps it sends it once more.
  attempt(fetchOnLeave, parcel);
  return false;
}

/**
 * What it comes to; 0 where it fails or does not end. By `await` alone, for pages replace what `then` and
 * `catch` call.
 */
const inTime = (run: (parcel: Parcel) => Promise<unknown>, parcel: Parcel) =>
  new Promise((resolve) => {
    later(Milliseconds.PATIENCE, () => resolve(0));
    void (async () => {
      try {
        resolve(await run(parcel));
      } catch {
        resolve(0);
      }
    })();
  });

/** Whether a service worker stands between this page and the network. */
const isControlled = () => attempt(() => navigator.serviceWorker.controller);

/** An answer below 500 is final, unless a service worker may have made it up. */
async function fetchAnswer(parcel: Parcel): Promise<unknown> {
  const { status } = await fetch(EVENTS, parcel);
  return isControlled() ? status === 204 : status < 500;
}

async function loadImage({ body, credentials }: Parcel): Promise<unknown> {
  const image = new Image();
  image.referrerPolicy = "origin";
  // An image cannot leave the cookies at home.
  if (CONFIG.visitor.set_by === "script" || credentials !== "omit")
    image.src = CONFIG.collector + "/pixel.gif?e=events&body=" + encodeURIComponent(body);
  await image.decode();
  return true;
}

/** The browser's own has one parameter and a name, which wrappers and proxies seldom have both. */
export const isFetchReplaced = () =>
  isControlled() ||
  attempt(() => fetch.length) !== 1 ||
  !/h\(\)\s*{\s*\[native/.test(String(fetch));

/** Nobody hears the answer, and without CORS headers that a wrapper adds are dropped (Fetch, 5.4). */
function fetchOnLeave(parcel: Parcel): boolean {
  const answer = fetch(EVENTS, { ...parcel, mode: "no-cors" });
  void inTime(async () => answer, parcel);
  return true;
}

/**
 * `sendBeacon` takes no policy. Of that which a page has, Firefox and WebKit tell other sites the origin at
 * most; Chromium tells all, and has `fetchLater`. Two names that end in two labels alike may be of one site.
 */
const sendByOther = (parcel: Parcel) =>
  attempt(sendLater, { ...parcel, activateAfter: 0 } as Parcel) ||
  (!(CONFIG.visitor.set_by === "server" && parcel.credentials === "omit") &&
    !CONFIG.collector.includes(location.hostname.split(".").slice(-2).join(".")) &&
    navigator.sendBeacon(EVENTS, parcel.body));

/**
 * `fetchLater` (WHATWG fetch, "deferred fetching"): the browser's own process sends it when the page
 * is gone, crashed included. Returns what calls it off; throws where the browser has no such thing.
 */
export function sendLater(parcel: Parcel): AbortController {
  const control = new AbortController();
  fetchLater(EVENTS, { ...parcel, signal: control.signal });
  return control;
}

declare function fetchLater(url: string, options: RequestInit): unknown;
