/**
 * How a beacon gets out, also from a page that is being left. A string travels as text/plain, which
 * needs no preflight: one at leaving would be a lost beacon even where `sendBeacon` said true.
 */
import { attempt } from "../guard";

/** Sends `body` to the collector, by the best road that takes it. */
export function send(body: string): void {
  const url = CONFIG.collector + "/events";
  if (attempt(() => navigator.sendBeacon(url, body))) return;
  const byImage = () => {
    new Image().src =
      `${CONFIG.collector}/pixel.gif?site=${CONFIG.site}&e=events&body=` + encodeURIComponent(body);
  };
  // no-cors: the answer is not read, so a collector without CORS headers makes no console error.
  const request: RequestInit = {
    method: "POST",
    body,
    keepalive: true,
    credentials: "include",
    mode: "no-cors",
  };
  const sent = attempt(() => fetch(url, request).catch(byImage));
  if (!sent) attempt(byImage);
}
