/**
 * Dwell: for how long the page was visible, for how long somebody was engaged with it, and how deep
 * they scrolled. Monotonic, so a changed wall clock spoils nothing; event-driven, so it costs nothing
 * while nothing happens.
 */
import { attempt, guarded, listen } from "../guard";
import { findScroller, holdsMost } from "./scroller";

/** Since the page's view, cumulative. */
export interface Dwell {
  readonly type: "dwell";
  /** Milliseconds. */
  readonly visible: number;
  /** Milliseconds. */
  readonly engaged: number;
  /** The deepest share that was on the screen, 0..1 of the page as high as it has grown. */
  readonly scroll: number | undefined;
}

const enum Milliseconds {
  /** Without input for this long, nobody is taken to be there. */
  ENGAGED = 30000,
}

export interface Watch {
  /** The dwell until now; `leaving`: from now on the page is not seen. */
  readDwell(leaving?: Event): Dwell;
  /** Finds what is scrolled, and measures: for moments in which layout is done anyway. */
  gauge(): void;
  /** The next page's dwell begins at `at`. `isRoute`: it is still scrolled as the former page was left. */
  restart(isRoute: boolean, at: number): void;
}

/** Not `document.hidden`: a page may have a frame called "hidden", which takes that name (HTML, 3.1.5). */
export const isHidden = () => document.visibilityState === "hidden";

/**
 * `since`: when the page was first seen, in milliseconds as `performance.now()` has them. `onInput` runs when
 * the visitor does something, before the page hears of it.
 */
export function watchDwell(since: number, onInput: () => void): Watch {
  const now = () => +performance.now().toFixed();
  let visible = 0;
  let engaged = 0;
  let settled = Math.round(since);
  let engagedUntil = 0;
  let wasVisible = !isHidden();
  let wasFocused: boolean | undefined;
  let scroller: Element | undefined;
  let deepest = 0;
  let height = 0;
  let top = 0;
  /** Where the former page was left, as long as this one has not been scrolled. */
  let inherited = 0;

  /** Accounts for the time since the last settlement, by the state that held during it. */
  function settle(at = now()): number {
    const before = settled;
    settled = CONFIG.measure.views === "manual" ? Math.max(before, Math.round(at)) : at;
    if (wasVisible) {
      visible += settled - before;
      if (wasFocused) engaged += Math.max(0, Math.min(settled, engagedUntil) - before);
    }
    // A page may have a form of that name.
    wasFocused = attempt(() => document.hasFocus());
    return settled;
  }

  function gauge() {
    if (!CONFIG.measure.scroll) return;
    const former = scroller;
    scroller = findScroller();
    if (scroller !== former) {
      deepest = inherited = 0;
      // The window hears nothing of what is scrolled inside a shadow tree.
      if (scroller.getRootNode() !== document) listen("scroll", measureDepth, scroller);
    }
    measureDepth();
  }

  function measureDepth() {
    if (!CONFIG.measure.scroll || !scroller) return;
    const { clientHeight, scrollHeight, scrollTop } = scroller;
    top = scrollTop;
    height = scrollHeight;
    // A page that is shorter than the former one is pushed up to its end, and nobody has read down to it.
    if (top < inherited && top + clientHeight >= height - 1) inherited = top;
    if (top === inherited && top) return;
    inherited = 0;
    deepest = Math.max(deepest, top + clientHeight);
  }

  listen("focus blur", () => settle());
  // A finger that moves has been put down, and is heard again when it is put down again.
  listen("pointerdown pointermove keydown wheel", (event) => {
    engagedUntil = settle() + Milliseconds.ENGAGED;
    if (event.type === "pointermove") return;
    inherited = 0;
    onInput();
    // Before the page makes another of itself, and while its layout is still done.
    measureDepth();
  });
  // Captured at the window, so it runs before a handler of the page has made layout stale.
  if (CONFIG.measure.scroll)
    listen("scroll", ({ target }) => {
      if (scroller && target !== document && holdsMost(target as Element, scroller)) gauge();
      else measureDepth();
    });

  return {
    readDwell(leaving) {
      settle();
      wasVisible = !leaving && !isHidden();
      return {
        type: "dwell",
        visible,
        engaged,
        // Without a height there is no share, and JSON leaves it out.
        scroll: CONFIG.measure.scroll
          ? +Math.min(1, deepest / height).toFixed(2) || undefined
          : undefined,
      };
    },
    gauge: guarded(gauge),
    restart(isRoute, at) {
      // Without a report, the time until then is still to be settled.
      if (CONFIG.privacy.consent || CONFIG.measure.views === "manual") settle(at);
      visible = engaged = deepest = 0;
      inherited = isRoute ? top : 0;
    },
  };
}
