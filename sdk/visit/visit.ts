/** What was seen: a view for each page, what was done there, and its dwell as it grows. */
import type { Outbox } from "../beacon/outbox";
import type { Batch, Page } from "../beacon/wire";
import { attempt, later, listen } from "../guard";
import { randomIdentifier } from "../visitor/identifier";
import { cleanAddress } from "./address";
import { isHidden, startClock } from "./clock";
import { scrub } from "./scrub";
import { type ScrollDepth, watchScroll } from "./scroll";

/** How a page came about: the browser's own word, or what the tag saw or was told. */
type Navigation = NavigationTimingType | "back_forward_cache" | "manual" | "route";

export interface Visit {
  /** Ends the present page and counts a view of the next. Without `url` and `title`: the document's. */
  readonly view: (navigation: Navigation, url?: string, title?: string) => void;
  /** Adds an event to the present page. */
  readonly record: (event: object) => void;
  /** The document's address may have changed; `replaced`: its history entry has not. */
  readonly route: (replaced: boolean) => void;
  /** The page is seen again, or what may be sent has changed. */
  readonly resume: () => void;
}

const enum Characters {
  /** Of events that gather; with one more, up to three bytes each, well below the 64 KiB of all beacons. */
  MOST = 9000,
}

const enum Milliseconds {
  /** In these a page settles on its address and title, and events gather to one beacon. */
  SETTLE = 250,
  /** Until what insures against a crash is renewed, at first. */
  INSURE = 1000,
}

/** Counts the page that is open, seen since `since` (Unix time in ms), and those after it. */
export function startVisit(outbox: Outbox, since: number): Visit {
  const clock = startClock(performance.now() - +new Date() + since);
  let scroll!: ScrollDepth;
  if (CONFIG.measure.scroll) scroll = watchScroll();
  let page: Page;
  let address: string;
  let given: string;
  let events: { seq: number }[] = [];
  let seq: number;
  let reported: number;
  let settling = 0;
  let insuring = 0;
  let held: AbortController | undefined;

  function begin(navigation: Navigation, at: number, referrer: string, url = "", title = "") {
    address = here();
    page = {
      id: randomIdentifier() || "" + Math.random(),
      url: cleanAddress(url || location.href),
      referrer: referrer && cleanAddress(referrer),
      title: "",
      at,
    };
    given = title;
    seq = 0;
    reported = -1;
    record({ type: "view", navigation }, at);
    insure();
  }

  /** Two orders are two pages, also where nobody may be told their numbers. */
  function here() {
    return cleanAddress(location.href, String);
  }

  function record(event: object, at?: number) {
    events.push(stamp(event, at));
    if (JSON.stringify(events).length > Characters.MOST) settle();
    else settling = settling || later(Milliseconds.SETTLE, settle);
  }

  function stamp<Event>(event: Event, at = +new Date()) {
    return { seq: seq++, at, ...event };
  }

  function dwell(isVisible: boolean) {
    const depth = CONFIG.measure.scroll ? scroll.read() : undefined;
    return stamp({ type: "dwell", scroll: depth, ...clock.read(isVisible) });
  }

  /** Cumulative, so the latest report replaces all before it; the same one is not sent again. */
  function report(isVisible: boolean) {
    const latest = dwell(isVisible);
    if (latest.visible !== reported) events.push(latest);
    reported = latest.visible;
  }

  function settle() {
    if (CONFIG.measure.scroll) scroll.measure();
    flush(outbox.add);
  }

  /** Sends the present page's events. */
  function flush(send: (batch: Batch) => void) {
    clearTimeout(settling);
    settling = 0;
    // Each time anew: a page that loads its content late has its title late.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a form may be called "title"
    page.title = scrub(given || "" + document.title).slice(0, 500);
    send({ page, events });
    events = [];
  }

  /**
   * Should the page crash or be killed, the browser's own process has the latest dwell; where there is
   * no `fetchLater`, the collector has it. The longer the stay, the rarer this need be.
   */
  function insure() {
    rest();
    if (isHidden()) return;
    const latest = dwell(true);
    const isHeld = (held = outbox.insure({ page, events: events.concat(latest) }));
    insuring = later((isHeld ? 1 : 5) * Math.max(Milliseconds.INSURE, latest.visible / 32), () => {
      if (!isHeld) {
        report(true);
        settle();
      }
      insure();
    });
  }

  function rest() {
    clearTimeout(insuring);
    held?.abort();
  }

  function leave() {
    rest();
    report(false);
    flush(outbox.leave);
  }

  function resume() {
    outbox.resume();
    insure();
  }

  function view(navigation: Navigation, url?: string, title?: string) {
    const isRestored = navigation === "back_forward_cache";
    // A page that comes back has been left, and reported, when it went into the cache.
    if (!isRestored) report(!isHidden());
    settle();
    clock.restart();
    if (CONFIG.measure.scroll) scroll.restart();
    begin(navigation, +new Date(), isRestored ? document.referrer : page.url, url, title);
  }

  function route(replaced: boolean) {
    const latest = here();
    if (latest === address) return;
    // A redirect while the page loads, or before its view was sent: only now has it its address.
    const isUnsent = events[0] && !events[0].seq;
    if (replaced && (isUnsent || document.readyState !== "complete")) {
      address = latest;
      page.url = cleanAddress(location.href);
    } else view("route");
  }

  // Hiding is the last thing that a phone tells (Page Lifecycle); pagehide the last on a navigation.
  listen("visibilitychange", () => (isHidden() ? leave : resume)());
  listen("pagehide", leave);
  listen("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) view("back_forward_cache");
  });

  const type = attempt(
    () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).type,
  );
  begin(type || "navigate", since, document.referrer);
  outbox.resume();
  return { view, record, route, resume };
}
