/** What was seen: a view for each page, what was done there, and its dwell as it grows. */
import type { Outbox } from "../beacon/outbox";
import type { Batch, Page } from "../beacon/wire";
import { later, listen, outside } from "../guard";
import { cleanAddress } from "./address";
import { isHidden, watchDwell } from "./dwell";
import type { Opening } from "./opening";
import { addCampaign, identifyPage } from "./page_address";
import type { Route } from "./routes";
import { scrub } from "./scrub";

/** How a page came about: the browser's own word, or what the tag saw or was told. */
type Navigation = NavigationTimingType | "back_forward_cache" | "manual" | "route";

export interface Visit {
  /**
   * Ends the present page and counts a view of the next. Without `url` and `title`: the document's. `at`: when, in
   * milliseconds as `performance.now()` has them.
   */
  readonly view: (navigation: Navigation, url?: string, title?: string, at?: number) => void;
  /** Adds an event to the present page. */
  readonly record: (event: object) => void;
  /** The document's address may have changed. */
  readonly route: (kind: Route) => void;
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

/** As text, for a form may be called "title" (HTML, 3.1.5). */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- TypeScript knows of no such form
const readTitle = () => "" + document.title;

const cleanTitle = (title: string) => scrub(title).slice(0, 500);

/** Counts the page that was opened, and those after it. */
export function startVisit(outbox: Outbox, opening: Opening): Visit {
  const dwell = watchDwell(opening.seenSince, () => {
    isUsed = true;
    // The click that leads to another page is heard before that page's title is set.
    takeTitle();
  });
  let page!: Page;
  /** Which page it is, and the address that was last looked at. */
  let identity: string;
  let address: string;
  /** Whether the visitor has done something on the page. */
  let isUsed: boolean;
  /** What the page is called: `given` by a call, or read; "" until there is a title that is its own. */
  let given: string;
  let title = "";
  /** What stood in the tab as the page began, and whether the page has had its time to set another. */
  let titleBefore: string;
  let isSettled: boolean;
  /** The last events of a former page, while it is not known whether `titleAfter`, with which it was left, is its own. */
  let held: Batch | undefined;
  let titleAfter: string;
  const events: { type?: string }[] = [];
  /** Not begun anew with a page: what is told of one that has been left is not taken for the next one's. */
  let seq = 0;
  /** Whether what is called was called before the tag was there. */
  let isStarting = true;
  let reported: number;
  let settling: number;
  let insuring: number;

  function view(
    navigation: Navigation,
    url = "",
    givenTitle = "",
    at = CONFIG.measure.views === "manual" && isStarting ? opening.at : performance.now(),
  ) {
    if (CONFIG.measure.views === "manual" && navigation === "navigate") {
      if (!page) return;
      url = page.url;
      givenTitle = given || title;
    }
    // A page that comes back has been left, and reported, when it went into the cache; of one that was
    // refused there is nothing to report.
    const before =
      page &&
      navigation !== "back_forward_cache" &&
      (CONFIG.privacy.consent ? navigation !== "navigate" && page.url : page.url);
    const accessed = Math.round(at - performance.now() + +new Date());
    // Before anything of the present page is ended, for an address that is none throws.
    const next = {
      // With the time as well, so that a generator of 52 bits is enough.
      id: "" + accessed + Math.random(),
      url: cleanAddress(url),
      referrer: before || (document.referrer && cleanAddress(document.referrer)),
      title: "",
      at: accessed,
    };
    titleAfter = readTitle();
    // Set so late, it may be the next page's already: some routers set the title before the address.
    const isNew = titleAfter !== title && titleAfter !== titleBefore;
    if (before) leave(isNew && !given);
    else if (CONFIG.privacy.consent && page) settle();
    dwell.restart(navigation === "route", at);
    page = next;
    titleBefore = titleAfter;
    given = givenTitle;
    isSettled = navigation !== "route";
    title = isSettled || isNew ? titleBefore : "";
    address = location.href;
    identity = identifyPage(address);
    isUsed = false;
    reported = -1;
    record({ type: "view", navigation, at: accessed });
    insure();
  }

  /** Tells the last of a page whose place another takes. */
  function leave(hasDoubtfulTitle: boolean) {
    addDwell();
    const last = take();
    // The page before that one has been left for longer than its title could be in doubt.
    release();
    if (hasDoubtfulTitle) held = last;
    else outbox.queue(last);
  }

  /** What stands in the tab may still be the former page's. */
  function takeTitle() {
    const now = readTitle();
    if (isSettled || now !== titleBefore) title = now;
  }

  /** The present page's events, with its title as far as it is known. */
  function take(): Batch {
    page.title = cleanTitle(given || title);
    return { events: events.splice(0), page };
  }

  function release(leaving?: Event) {
    if (held) outbox.queue(held, leaving);
    held = undefined;
  }

  function record(event: object) {
    if (CONFIG.measure.views === "manual" && !page)
      throw new Error("An event belongs to a page, and none has been counted");
    event = stamp(event);
    if (JSON.stringify([events, event]).length > Characters.MOST) settle();
    if (!events[0])
      void outside(() => {
        clearTimeout(settling);
        settling = later(Milliseconds.SETTLE, settleOnTitle);
      });
    events.push(event);
  }

  const stamp = <Told>(event: Told & { type?: string }) => ({
    seq: seq++,
    at: +new Date(),
    ...event,
  });

  function settleOnTitle() {
    isSettled = true;
    // The router sets the title after the address: what stood there before was the former page's.
    if (held && readTitle() !== titleAfter) held.page.title = cleanTitle(titleAfter);
    dwell.gauge();
    settle();
  }

  /**
   * Cumulative, so the latest report replaces all before it; the same one is not sent again. `leaving`:
   * the event by which the page may be going.
   */
  function report(leaving?: Event) {
    if (CONFIG.measure.views === "manual" && !page) return;
    dwell.gauge();
    addDwell(leaving);
    settle(leaving);
  }

  function addDwell(leaving?: Event) {
    const latest = stamp(dwell.readDwell(leaving));
    const former = reported;
    reported = latest.visible;
    if (former !== reported) events.push(latest);
  }

  /** Sends the present page's events. */
  function settle(leaving?: Event) {
    clearTimeout(settling);
    // Each time anew: a page that loads its content late has its title late.
    takeTitle();
    release(leaving);
    outbox.queue(take(), leaving);
  }

  /**
   * Should the page crash or be killed, the browser's own process has the latest dwell; where there is
   * no `fetchLater`, the collector has it. The longer the stay, the rarer this need be. While the page
   * is hidden there is nothing new to tell.
   */
  function insure() {
    void outside(() => {
      clearTimeout(insuring);
      if (isHidden() || (CONFIG.measure.views === "manual" && !page)) return;
      const isHeld = outbox.insure({ events: [...events, stamp(dwell.readDwell())], page });
      const pause = Math.max((+new Date() - page.at) / 32, Milliseconds.INSURE);
      insuring = later(pause * (isHeld ? 1 : 5), () => {
        if (!isHeld) report();
        insure();
      });
    });
  }

  function resume() {
    outbox.resume();
    insure();
  }

  function route(kind: Route) {
    if (address === location.href) return;
    address = location.href;
    const former = identity;
    identity = identifyPage(address);
    if (former === identity) return;
    if (kind === "replace" && !wasSeen()) {
      page.url = addCampaign(address, page.url);
      insure();
    } else {
      // The browser itself went there, before any router could set a title.
      if (kind === "traverse") takeTitle();
      view("route");
    }
  }

  /** Whether what is replaced in the history was a page, and not a step on the way to one. */
  const wasSeen = () =>
    events[0]?.type !== "view" &&
    document.readyState === "complete" &&
    (isUsed || (title && title !== titleBefore));

  // Hiding is the last thing that a phone tells (Page Lifecycle); pagehide the last on a navigation.
  listen("visibilitychange", (event) => (isHidden() ? report(event) : resume()));
  listen("pagehide", report);
  // It cannot be sent, so it is kept: of a tab that is closed, Firefox ends the script at the first touch
  // of storage that it has not touched for five seconds.
  listen("offline", () => report());
  listen("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted && CONFIG.measure.views === "auto")
      view("back_forward_cache");
  });

  if (CONFIG.measure.views === "manual")
    void outside(() => {
      isStarting = false;
    });
  else {
    view(opening.type, opening.url, "", opening.at);
    if (opening.isLeft) {
      // What stands in the tab is not the title of a page that was left before.
      title = "";
      view("route");
    }
  }
  return { record, route, resume, view };
}
