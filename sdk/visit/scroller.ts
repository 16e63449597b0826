/**
 * Which box the visitor scrolls the page in: the window, or, where an application keeps that still, the
 * box in it that holds the page's content. Small boxes, carousels and frames hold none of it.
 */

/** That box. Without one of its own, a page has the window's, also where it is too short to scroll. */
export function findScroller(): Element {
  return stackInTheMiddle(document).reduce(
    (found, box) => (holdsMost(box, found) && isScrolled(box) ? box : found),
    document.scrollingElement || document.documentElement,
  );
}

/** Whether `box` scrolls down, and shows at once more than half of what `found` holds in all. */
export const holdsMost = (box: Element, found: Element): boolean =>
  box.scrollHeight > box.clientHeight &&
  box.clientWidth * box.clientHeight * 2 > found.scrollWidth * found.scrollHeight;

/** What the window's middle shows, the lowest first, so that a dialogue on top hides nothing. */
function stackInTheMiddle(root: Document | ShadowRoot): Element[] {
  const stack: Element[] = [];
  for (const box of root.elementsFromPoint(innerWidth / 2, innerHeight / 2).reverse()) {
    stack.push(box);
    // A shadow root tells of boxes outside of it as well.
    if (box.shadowRoot && box.getRootNode() === root)
      stack.push(...stackInTheMiddle(box.shadowRoot));
  }
  return stack;
}

/** Not every box whose content is higher than itself; and the body's overflow may be the window's (CSS Overflow 3, 3.3). */
const isScrolled = (box: Element): boolean =>
  /auto|scroll/.test(getComputedStyle(box).overflowY) &&
  (box !== document.body || getComputedStyle(document.documentElement).overflowY !== "visible");
