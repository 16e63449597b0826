/** How the document was opened, and since when it has been seen: what the browser keeps of the time before the tag. */
import { attempt } from "../guard";
import { addCampaign, identifyPage } from "./page_address";
import { hasLeftFirstPage } from "./routes";

export interface Opening {
  readonly type: NavigationTimingType;
  /** Of the first page. */
  readonly url: string;
  /** When it was opened, in milliseconds as `performance.now()` has them. */
  readonly at: number;
  readonly seenSince: number;
  /** Whether a route has led on from it already; undefined where the browser does not tell. */
  readonly isLeft: boolean | undefined;
}

type NavigationTiming = PerformanceNavigationTiming & {
  /** When a prerendered page was shown (Prerendering Revamped, 4.3.7). */
  readonly activationStart?: number;
};

/** `stubbedAt`: when the stub ran, Unix time in ms. */
export function readOpening(stubbedAt?: number): Opening {
  const now = performance.now();
  const navigation = readEntry("navigation") as NavigationTiming | undefined;
  // A frame that the page has filled itself has no address of its own, whatever stands here.
  const opened = navigation?.name.startsWith(location.origin) ? navigation.name : location.href;
  const isLeft =
    CONFIG.measure.routes &&
    identifyPage(opened) !== identifyPage(location.href) &&
    hasLeftFirstPage();
  const stubbed = stubbedAt ? stubbedAt - +new Date() + now : now;
  const at = Math.max(
    // A bundle, a tag manager or hydration brings the tag, or the stub, when the page has been painted long ago.
    Math.min(stubbed, readEntry("paint")?.startTime ?? stubbed),
    navigation?.activationStart ?? 0,
  );
  return {
    type: navigation?.type ?? "navigate",
    url: isLeft ? opened : addCampaign(location.href, opened),
    at: isLeft === undefined ? now : at,
    seenSince:
      isLeft === false
        ? // In the background nobody sees a page. Only Chromium tells when it came to the front.
          Math.max(at, readEntry("visibility-state")?.startTime ?? 0)
        : // When it was left, nobody knows, so the time until now is not told: it may be the next page's.
          now,
    isLeft,
  };
}

/** The latest entry of a type: of "paint", the first contentful one. */
const readEntry = (type: string) => attempt(() => performance.getEntriesByType(type).pop());
