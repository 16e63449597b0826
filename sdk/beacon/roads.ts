/**
 * How a beacon gets out. A string travels as text/plain, which needs no preflight: one at leaving
 * would be a lost beacon even where `sendBeacon` said true.
 */
import { attempt } from "../guard";

const EVENTS = CONFIG.collector + "/events";

/** `credentials`: "omit" where the collector must not see a cookie that no script can delete. */
const request = (body: string, credentials: RequestCredentials, signal?: AbortSignal) =>
  ({ method: "POST", body, keepalive: true, credentials, signal }) as RequestInit;

/** While the page lives: whether the collector has it. An answer below 500 is final. */
export async function post(body: string, credentials: RequestCredentials): Promise<boolean> {
  try {
    if (!window.fetch) return sendByImage(body);
    return (await fetch(EVENTS, request(body, credentials))).status < 500;
  } catch {
    return false;
  }
}

/** While the page is being left: whether the browser took it, to deliver when the page is gone. */
export function entrust(body: string): boolean | undefined {
  return attempt(() => navigator.sendBeacon(EVENTS, body));
}

/** For a page that has taken both of the others from us; whether it arrives, nobody will know. */
function sendByImage(body: string): true {
  new Image().src = CONFIG.collector + "/pixel.gif?e=events&body=" + encodeURIComponent(body);
  return true;
}

/**
 * `fetchLater` (WHATWG fetch, "deferred fetching"): the browser's own process sends it when the page
 * is gone, crashed included. Returns what calls it off; undefined where the browser has no such thing.
 */
export function postpone(
  body: string,
  credentials: RequestCredentials,
): AbortController | undefined {
  return attempt(() => {
    const control = new AbortController();
    fetchLater(EVENTS, request(body, credentials, control.signal));
    return control;
  });
}
declare function fetchLater(url: string, options: RequestInit): unknown;
