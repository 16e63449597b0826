/** In which corner the icon stands: the one that was asked for, unless a close button is there. */

/** Two neighbours at one edge differ in the lowest bit of their places, the edges in the next. */
const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"] as const;

const CLOSERS = "[data-close],[class*=close i],[id*=close i],[aria-label*=close i]";

const enum Pixels {
  /** Of the largest thing that is taken for a close button. */
  LARGEST = 64,
}

/** The place of a corner of that name among the four, else of the configured one. */
export function cornerOf(name: string | undefined): number {
  const place = CORNERS.indexOf(name as (typeof CORNERS)[number]);
  return place < 0 ? CONFIG.adchoices.corner : place;
}

/**
 * Moves `icon` to the first corner where it covers no close button, be it in `box` or beside it: the
 * one asked for, the other at the same edge, then those at the other edge; where none is free, to the
 * one asked for.
 */
export function takeCorner(icon: HTMLElement, asked: number, box: Element): void {
  // What closes an ad may stand beside it, in what the page puts around both.
  const closers = [...box.parentNode!.querySelectorAll(CLOSERS)].map((each) =>
    each.getBoundingClientRect(),
  );
  const isFree = (way: number) => {
    icon.className = CORNERS[asked ^ way] || "";
    const { left, right, top, bottom } = icon.getBoundingClientRect();
    return !closers.some(
      (area) =>
        area.left < right &&
        area.right > left &&
        area.top < bottom &&
        area.bottom > top &&
        area.width < Pixels.LARGEST,
    );
  };
  [0, 1, 2, 3, 0].some(isFree);
}
