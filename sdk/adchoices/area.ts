/** The area that is seen of an element, also of one that has no box of its own. */

/** A place in the window, in CSS pixels. */
export type Area = Readonly<Record<"left" | "top" | "width" | "height", number>>;

/** What shows nothing of the elements that are put into it. */
const REPLACED = /^(img|i?frame|embed|object|video|audio|canvas|svg|input)$/;

export const isReplaced = (element: Element): boolean => REPLACED.test(element.localName);

/** What an element is in, over the edge of a shadow tree. */
export const parentOf = ({ parentNode }: Node): Element | null =>
  (parentNode instanceof ShadowRoot ? parentNode.host : parentNode) as Element | null;

/** Whether an element lays out what is in it: no line of text, no `display: contents`, not empty. */
export function hasBox(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return !/^(inline|contents)$/.test(getComputedStyle(element).display) && width * height > 0;
}

/** Where an element is seen: its box, or else all boxes and lines in it but `excluded`. */
export function areaOf(element: Element, excluded: Element): Area {
  if (isReplaced(element) || hasBox(element)) return element.getBoundingClientRect();
  const lines = document.createRange();
  lines.selectNodeContents(element);
  if (excluded.parentNode === element) lines.setEndBefore(excluded);
  const parts = [lines, ...element.querySelectorAll("*")]
    .filter((part) => part !== excluded)
    .map((part) => part.getBoundingClientRect())
    .filter(({ width, height }) => width && height);
  const left = Math.min(...parts.map((part) => part.left));
  const top = Math.min(...parts.map((part) => part.top));
  const right = Math.max(...parts.map((part) => part.right));
  const bottom = Math.max(...parts.map((part) => part.bottom));
  return { left, top, width: right - left, height: bottom - top };
}
