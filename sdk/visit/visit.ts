/** What was seen: a page view for each page, and its dwell whenever the page may be about to go. */
import { send } from "../beacon/transport";
import { listen } from "../guard";
import type { Decision } from "../privacy/decision";
import type { Signals } from "../privacy/signals";
import { randomIdentifier } from "../visitor/identifier";
import { cleanAddress } from "./address";
import { startClock } from "./clock";

/** What every beacon of this visit says beside its page and events. */
export interface Envelope {
  readonly visitor: string | null;
  readonly rule: Decision["rule"];
  readonly signals: Signals;
}

/** How a page came about: the browser's own word, or that the site asked for a view by hand. */
type Navigation = NavigationTimingType | "back_forward_cache" | "manual";

export interface Visit {
  /** Ends the present page and counts a view of the next. Without `url` and `title`: the document's. */
  view(navigation: Navigation, referrer: string, url?: string, title?: string): void;
  /** The address of the present page, as it was sent. */
  address(): string;
}

/** The page as beacons tell of it. */
interface Page {
  readonly id: string;
  readonly url: string;
  readonly referrer: string;
  title: string | undefined;
  /** When it was accessed: Unix time in ms. */
  readonly at: number;
}

/** Counts the page that is open, seen since `since` on `performance.now()`'s scale, and those after it. */
export function startVisit(envelope: Envelope, since: number): Visit {
  const clock = startClock(since);
  let page: Page;
  let events: object[];
  let seq: number;
  let reported: number | undefined;

  function begin(
    navigation: Navigation,
    from: number,
    referrer: string,
    url?: string,
    title?: string,
  ) {
    const at = Math.round(Date.now() - performance.now() + from);
    page = {
      id: randomIdentifier() || "" + Math.random(),
      url: cleanAddress(url || location.href),
      referrer: cleanAddress(referrer),
      title,
      at,
    };
    events = [{ seq: 0, type: "view", at, navigation }];
    seq = 1;
    reported = undefined;
    // A page that is still being parsed may not have its title yet; leaving it sends the view as well.
    if (document.title || document.readyState !== "loading") flush();
  }

  function flush() {
    if (!events.length) return;
    page.title = page.title || document.title;
    send(JSON.stringify(Object.assign({ v: 1, site: CONFIG.site, page, events }, envelope)));
    events = [];
  }

  /** Cumulative, so the latest report replaces all before it; the same one is not sent again. */
  function report() {
    const dwell = clock.read();
    if (dwell.visible !== reported)
      events.push(Object.assign({ seq: seq++, type: "dwell" }, dwell));
    reported = dwell.visible;
    flush();
  }

  function view(navigation: Navigation, referrer: string, url?: string, title?: string) {
    report();
    const now = performance.now();
    clock.restart(now);
    begin(navigation, now, referrer, url, title);
  }

  listen(document, "DOMContentLoaded", flush);
  // Hiding is the last thing that a phone tells (Page Lifecycle); pagehide the last on a real navigation.
  listen(document, "visibilitychange", () => document.hidden && report());
  listen(window, "pagehide", report);
  listen(window, "pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) view("back_forward_cache", document.referrer);
  });

  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  begin(entry ? entry.type : "navigate", since, document.referrer);
  return { view, address: () => page.url };
}
