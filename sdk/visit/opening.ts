/** How the document was opened, and since when it has been seen: what the browser keeps of the time before the tag. */
import { attempt } from "../guard";
import { addCampaign, identifyPage } from "./page_address";
import { hasLeftFirstPage } from "./routes";

export interface Opening {
  readonly type: NavigationTimingType;
  /** Of the first page; "" if only the present one is known. */
  readonly url: string;
  /** When it was opened, in milliseconds as `performance.now()` has them. */
  readonly at: number;
  readonly seenSince: number;
  /** Whether a route has led on from it already. */
  readonly isLeft: boolean;
}

/** `stubbedAt`: when the stub ran, Unix time in ms. */
export function readOpening(stubbedAt?: number): Opening {
  const now = performance.now();
  const navigation = readEntry("navigation") as Partial<NavigationTiming> | undefined;
  const { type = "navigate", name = location.href, activationStart = 0 } = navigation ?? {};
  const at = Math.max(
    stubbedAt
      ? stubbedAt - +new Date() + now
      : // A bundle or a tag manager brings the tag when the page has been painted long ago.
        (readEntry("paint")?.startTime ?? now),
    activationStart,
  );
  // What was opened is the present page, or was redirected to it.
  const isLeft =
    CONFIG.measure.routes &&
    identifyPage(name) !== identifyPage(location.href) &&
    hasLeftFirstPage();
  if (isLeft === false)
    return {
      type,
      url: addCampaign(location.href, name),
      at,
      // In the background nobody sees a page. Only Chromium tells when it came to the front.
      seenSince: Math.max(at, readEntry("visibility-state")?.startTime ?? 0),
      isLeft,
    };
  // When it was left, nobody knows, so none of the time until now is told: it may be the one's or the other's.
  return { type, url: isLeft ? name : "", at: isLeft ? at : now, seenSince: now, isLeft: !!isLeft };
}

type NavigationTiming = PerformanceNavigationTiming & {
  /** When a prerendered page was shown (Prerendering Revamped, 4.3.7). */
  readonly activationStart: number;
};

/** The latest entry of a type: of "paint", the first contentful one. */
const readEntry = (type: string) => attempt(() => performance.getEntriesByType(type).pop());
