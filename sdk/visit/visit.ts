/** What was seen: a view for each page, what was done there, and its dwell as it grows. */
import type { Outbox } from "../beacon/outbox";
import type { Page } from "../beacon/wire";
import { attempt, later, listen } from "../guard";
import { cleanAddress } from "./address";
import { isHidden, watchDwell } from "./dwell";
import { scrub } from "./scrub";

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
  MOST = 8192,
}

const enum Milliseconds {
  /** In these a page settles on its address and title, and events gather to one beacon. */
  SETTLE = 250,
  /** Until what insures against a crash is renewed, at first. */
  INSURE = 1000,
}

/** Counts the page that is open, seen since `since` (Unix time in ms), and those after it. */
export function startVisit(outbox: Outbox, since: number): Visit {
  const dwell = watchDwell(since);
  let page!: Page;
  let address: string;
  let given: string;
  const events: { seq: number }[] = [];
  let seq: number;
  let reported: number;
  let settling = 0;
  let insuring = 0;
  let held: ReturnType<Outbox["insure"]>;

  function view(navigation: Navigation, url = "", title = "", at = +new Date()) {
    // A page that comes back has been left, and reported, when it went into the cache; of one that was
    // refused there is nothing to report.
    const before =
      page &&
      navigation !== "back_forward_cache" &&
      (CONFIG.privacy.consent ? navigation !== "navigate" && page.url : page.url);
    if (before) report();
    if (page) settle();
    dwell.restart();
    address = here();
    page = {
      // With the time as well, so that a generator of 52 bits is enough.
      id: "" + at + Math.random(),
      url: cleanAddress(url || location.href),
      referrer: before || (document.referrer && cleanAddress(document.referrer)),
      title: "",
      at,
    };
    given = title;
    seq = 0;
    reported = -1;
    record({ type: "view", navigation, at });
    insure();
  }

  /** Two orders are two pages, also where nobody may be told their numbers. */
  const here = () => cleanAddress(location.href, String);

  function record(event: object) {
    events.push(stamp(event));
    if (JSON.stringify(events).length > Characters.MOST) settle();
    else settling = settling || later(Milliseconds.SETTLE, settle);
  }

  const stamp = <Event>(event: Event) => ({ seq: seq++, at: +new Date(), ...event });

  const sum = (isVisible?: boolean) => stamp({ type: "dwell", ...dwell.read(isVisible) });

  /** Cumulative, so the latest report replaces all before it; the same one is not sent again. */
  function report(isVisible?: boolean) {
    const latest = sum(isVisible);
    if (reported !== latest.visible) events.push(latest);
    reported = latest.visible;
  }

  /** Sends the present page's events. */
  function settle(isLeaving?: boolean) {
    if (!isLeaving) dwell.measure();
    clearTimeout(settling);
    settling = 0;
    // Each time anew: a page that loads its content late has its title late.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a form may be called "title"
    page.title = scrub(given || "" + document.title).slice(0, 500);
    outbox.add({ page, events: events.splice(0) }, isLeaving);
  }

  /**
   * Should the page crash or be killed, the browser's own process has the latest dwell; where there is
   * no `fetchLater`, the collector has it. The longer the stay, the rarer this need be.
   */
  function insure() {
    rest();
    if (isHidden()) return;
    held = outbox.insure({ page, events: events.concat(sum()) });
    const pause = Math.max((+new Date() - page.at) / 32, Milliseconds.INSURE);
    insuring = later(held ? pause : pause * 5, () => {
      if (!held) {
        report();
        settle();
      }
      insure();
    });
  }

  function rest() {
    clearTimeout(insuring);
    if (held) held.abort();
  }

  function resume() {
    outbox.resume();
    insure();
  }

  function leave() {
    report(false);
    settle(true);
    // Last: a page that is slow to go is cut short, in Chromium after half a second.
    rest();
  }

  function route(replaced: boolean) {
    const latest = here();
    if (latest === address) return;
    // A redirect while the page loads, or before its view was sent: only now has it its address.
    if (replaced && (events[0]?.seq === 0 || document.readyState !== "complete")) {
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
  view(type || "navigate", "", "", since);
  return { view, record, route, resume };
}
