/** What is pressed, by pointer, finger or key, and how it is heard before anybody else hears it. */

/** What an ad could take for a click on itself, from the first touch of it to the last. */
export const PRESSES =
  "pointerdown pointerup pointercancel mousedown mouseup click auxclick dblclick contextmenu dragstart touchstart touchend touchcancel keydown keypress keyup";

/** Hears events at the window, or a `target`, before they come further; returns what ends it. */
export function hear(
  types: string,
  handle: (event: Event) => void,
  target: EventTarget = window,
): () => void {
  const all = types.split(" ");
  for (const type of all) {
    // A listener that might prevent a touch would hold up scrolling.
    target.addEventListener(type, handle, { capture: true, passive: type.startsWith("touch") });
  }
  return () => {
    for (const type of all) target.removeEventListener(type, handle, true);
  };
}
