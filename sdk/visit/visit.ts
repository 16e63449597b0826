/** What was seen: a view for each page, what was done there, and its dwell as it grows. */
import type { Outbox } from "../beacon/outbox";
import type { Page } from "../beacon/wire";
import { attempt, guarded, listen } from "../guard";
import { cleanAddress } from "./address";
import { isHidden, watchDwell } from "./dwell";
import { isRedacted } from "./redact";
import { scrub } from "./scrub";

/** How a page came about: the browser's own word, or what the tag saw or was told. */
type Navigation = NavigationTimingType | "back_forward_cache" | "manual" | "route";

export interface Visit {
  /** Ends the present page and counts a view of the next. Without `url` and `title`: the document's. */
  readonly view: (navigation: Navigation, url?: string, title?: string) => void;
  /** Adds an event to the present page. */
  readonly record: (event: object) => void;
  /** The document's address may have changed; `hasMoved`: to another entry of its history. */
  readonly route: (hasMoved: unknown) => void;
  /** The page is seen again, or what may be sent has changed. */
  readonly resume: () => void;
}

const enum Characters {
  /**
   * Of events that gather, up to three bytes each: two such beacons fit into the 64 KiB that all of a page
   * share, and to Firefox and Chromium one that has just arrived still counts.
   */
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
  const events: { type?: string }[] = [];
  /** Not begun anew with a page: what is told of one that has been left is not taken for the next one's. */
  let seq = 0;
  let reported: number;
  let settling: number;
  let insuring: number;

  function view(navigation: Navigation, url = "", title = "", at = +new Date()) {
    // A page that comes back has been left, and reported, when it went into the cache; of one that was
    // refused there is nothing to report.
    const before =
      page &&
      navigation !== "back_forward_cache" &&
      (CONFIG.privacy.consent ? navigation !== "navigate" && page.url : page.url);
    // Before anything of the present page is ended, for an address that is none throws.
    const next = {
      // With the time as well, so that a generator of 52 bits is enough.
      id: "" + at + Math.random(),
      url: cleanAddress(url),
      referrer: before || (document.referrer && cleanAddress(document.referrer)),
      title: "",
      at,
    };
    if (before) report();
    else if (CONFIG.privacy.consent && page) settle();
    dwell.restart();
    address = here();
    page = next;
    given = title;
    reported = -1;
    record({ type: "view", navigation, at });
    insure();
  }

  /** Two orders are two pages, also where nobody may be told their numbers. */
  const here = () => cleanAddress("", String);

  function record(event: object) {
    event = stamp(event);
    if (JSON.stringify([events, event]).length > Characters.MOST) settle();
    if (!events[0]) settling = setTimeout(guarded(settle), Milliseconds.SETTLE);
    events.push(event);
  }

  const stamp = <Told>(event: Told & { type?: string }) => ({
    seq: seq++,
    at: +new Date(),
    ...event,
  });

  /**
   * Cumulative, so the latest report replaces all before it; the same one is not sent again. `leaving`:
   * the event by which the page may be going.
   */
  function report(leaving?: Event) {
    const latest = stamp(dwell.readDwell(leaving));
    const former = reported;
    reported = latest.visible;
    if (former !== reported) events.push(latest);
    settle(leaving);
  }

  /** Sends the present page's events. */
  function settle(leaving?: Event) {
    if (!leaving) dwell.gauge();
    clearTimeout(settling);
    // Each time anew: a page that loads its content late has its title late.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- a form may be called "title"
    page.title = scrub(given || "" + document.title).slice(0, 500);
    if (CONFIG.privacy.redact && isRedacted(page.url)) page.title = "";
    outbox.queue({ events: events.splice(0), page }, leaving);
  }

  /**
   * Should the page crash or be killed, the browser's own process has the latest dwell; where there is
   * no `fetchLater`, the collector has it. The longer the stay, the rarer this need be. While the page
   * is hidden there is nothing new to tell.
   */
  function insure() {
    clearTimeout(insuring);
    if (isHidden()) return;
    const isHeld = outbox.insure({ events: [...events, stamp(dwell.readDwell())], page });
    insuring = setTimeout(
      guarded(() => {
        if (!isHeld) report();
        insure();
      }),
      Math.max((+new Date() - page.at) / 32, Milliseconds.INSURE) * (isHeld ? 1 : 5),
    );
  }

  function resume() {
    outbox.resume();
    insure();
  }

  function route(hasMoved: unknown) {
    const former = address;
    address = here();
    if (former === address) return;
    // A redirect while the page loads, or before its view was sent: only now has it its address.
    if (!hasMoved && (events[0]?.type === "view" || document.readyState !== "complete"))
      page.url = cleanAddress("");
    else view("route");
  }

  // Hiding is the last thing that a phone tells (Page Lifecycle); pagehide the last on a navigation.
  listen("visibilitychange", (event) => (isHidden() ? report(event) : resume()));
  listen("pagehide", report);
  // It cannot be sent, so it is kept: of a tab that is closed, Firefox ends the script at the first touch
  // of storage that it has not touched for five seconds.
  listen("offline", () => report());
  listen("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) view("back_forward_cache");
  });

  const type = attempt(
    () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).type,
  );
  view(type || "navigate", "", "", since);
  return { record, route, resume, view };
}
