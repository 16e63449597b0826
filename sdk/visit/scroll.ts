/** Scroll depth: the deepest share of the page that was on the screen. */
import { listen } from "../guard";

export interface ScrollDepth {
  /** 0..1 of the page, as high as it has grown; undefined where it was not measured. */
  read(): number | undefined;
  /** For moments in which layout is done anyway. */
  measure(): void;
  restart(): void;
}

export function watchScroll(): ScrollDepth {
  let deepest = 0;
  let height = 0;
  function measure() {
    height = document.documentElement.scrollHeight;
    deepest = Math.max(deepest, scrollY + innerHeight);
  }
  // Captured at the window, so it runs before a handler of the page has made layout stale.
  listen("scroll", measure);
  return {
    measure,
    read() {
      if (height) return Math.min(1, +(deepest / height).toFixed(2));
      return;
    },
    restart() {
      deepest = height = 0;
    },
  };
}
