/**
 * How a beacon gets out. A string travels as text/plain, which needs no preflight: one at leaving
 * would be a lost beacon even where `sendBeacon` said true.
 */
const EVENTS = CONFIG.collector + "/events";

/** A beacon as `fetch` takes it. */
export interface Parcel extends RequestInit {
  readonly body: string;
}

/** While the page lives: whether the collector has it. An answer below 500 is final. */
export async function post(parcel: Parcel): Promise<unknown> {
  try {
    if (window.fetch as unknown) return (await fetch(EVENTS, parcel)).status < 500;
    // For a page that has taken both of the others from us; whether it arrives, nobody will know.
    return (new Image().src =
      CONFIG.collector + "/pixel.gif?e=events&body=" + encodeURIComponent(parcel.body));
  } catch {
    // No answer: the network, the page's policy, or a page that is gone.
  }
}

/** While the page is being left: whether the browser took it, to deliver when the page is gone. */
export const entrust = (parcel: Parcel): boolean =>
  // It cannot be told to leave the cookies at home.
  !(CONFIG.visitor.set_by === "server" && parcel.credentials === "omit") &&
  navigator.sendBeacon(EVENTS, parcel.body);

/**
 * `fetchLater` (WHATWG fetch, "deferred fetching"): the browser's own process sends it when the page
 * is gone, crashed included. Returns what calls it off; throws where the browser has no such thing.
 */
export function postpone(parcel: Parcel): AbortController {
  const control = new AbortController();
  parcel.signal = control.signal;
  fetchLater(EVENTS, parcel);
  return control;
}

declare function fetchLater(url: string, options: RequestInit): unknown;
