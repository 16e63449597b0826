/** In which corner the icon stands: the one that was asked for, unless a close button is there. */
import { isOverCloser } from "./closers";

/** Two neighbours at one edge differ in the lowest bit of their places, the edges in the next. */
const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"] as const;

/** The place of a corner of that name among the four, else of the configured one. */
export function cornerOf(name: string | undefined): number {
  const place = CORNERS.indexOf(name as (typeof CORNERS)[number]);
  return place < 0 ? CONFIG.adchoices.corner : place;
}

/**
 * Moves `icon` to the first corner where it covers no close button: the one asked for, the other at
 * the same edge, then those at the other edge; where none is free, to the one asked for.
 */
export function takeCorner(icon: HTMLElement, host: Element, asked: number, ad: Element): void {
  const isFree = (way: number) => {
    icon.className = CORNERS[asked ^ way] || "";
    return !isOverCloser(icon, host, ad);
  };
  [0, 1, 2, 3, 0].some(isFree);
}
