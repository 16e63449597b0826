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
  /** While the page lives: whether the collector has it. */
  readonly send: (parcel: Parcel) => Promise<unknown>;
  /** While the page is left: whether the browser took it. `isDoubtful`: the collector does not answer. */
  readonly sendOnLeave: (parcel: Parcel, isDoubtful: unknown) => boolean;
}

/**
 * A page's monitors wrap `fetch` and add headers, so that each request of ours dies at a preflight; others
 * throw, or never answer. To us that looks as if the collector were down, and an image tells them apart.
 */
export function openTransports(): Transports {
  /** An image has arrived where `fetch` did not. */
  let isFetchBroken: unknown;

  return {
    async send(parcel) {
      if (!isFetchBroken && (await fetchOut(parcel))) return true;
      isFetchBroken = (isFetchBroken || isFetchReplaced()) && (await sendImage(parcel));
      return isFetchBroken;
    },

    sendOnLeave(parcel, isDoubtful) {
      const ways = [fetchOnLeave, sendByOther];
      if (isDoubtful || isFetchBroken) ways.reverse();
      return ways.some((way) => attempt(way, parcel));
    },
  };
}

/** What `start` settles on; undefined where it throws or its time is over. */
const inTime = (start: (settle: (isTaken?: unknown) => void, signal: AbortSignal | null) => void) =>
  new Promise((resolve) => {
    const control = attempt(() => new AbortController());
    const settle = (isTaken?: unknown) => {
      clearTimeout(clock);
      resolve(isTaken);
    };
    const clock = later(Milliseconds.PATIENCE, () => {
      settle();
      control?.abort();
    });
    try {
      start(settle, control?.signal ?? null);
    } catch {
      settle();
    }
  });

/** An answer below 500 is final, unless a service worker has made it up. */
const fetchOut = (parcel: Parcel) =>
  inTime((settle, signal) => {
    fetch(EVENTS, { ...parcel, signal })
      .then(({ status, type }) => settle(status < 500 && type !== "default"))
      .catch(() => settle());
  });

const sendImage = ({ body, credentials }: Parcel) =>
  inTime((settle) => {
    if (credentials === "omit") throw body; // an image cannot leave the cookies at home
    const image = new Image();
    image.onload = () => settle(true);
    image.onerror = () => settle();
    image.referrerPolicy = "origin";
    image.src = CONFIG.collector + "/pixel.gif?e=events&body=" + encodeURIComponent(body);
  });

/** As the browser has it: a method of one parameter, whose name a wrapper and a proxy seldom have. */
const isFetchReplaced = () =>
  attempt(() => navigator.serviceWorker.controller) ||
  attempt(() => window.fetch.length) !== 1 ||
  !/^\w+ fetch\(\)\s*{\s*\[native/.test(Function.prototype.toString.call(fetch));

/** Nobody hears the answer, and without CORS headers that a wrapper adds are dropped (Fetch, 5.4). */
const fetchOnLeave = (parcel: Parcel) => {
  fetch(EVENTS, { ...parcel, mode: "no-cors" }).catch(() => undefined);
  return true;
};

/**
 * `sendBeacon` takes no policy. To other sites Firefox and WebKit tell the origin only; Chromium does not
 * heed that, and has `fetchLater` instead.
 */
const sendByOther = (parcel: Parcel) =>
  attempt(sendLater, { ...parcel, activateAfter: 0 } as Parcel) ||
  (parcel.credentials !== "omit" &&
    siteOf(new URL(EVENTS)) !== siteOf(location) &&
    navigator.sendBeacon(EVENTS, parcel.body));

/** At least the registrable domain's end: where two differ in that, they are two sites. */
const siteOf = ({ hostname }: URL | Location) => hostname.split(".").slice(-2).join(".");

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
