/**
 * Dwell: for how long a page was visible, and for how long somebody was engaged with it. Monotonic,
 * so a changed wall clock spoils nothing; event-driven, so it costs nothing while nothing happens.
 */
import { listen } from "../guard";

/** Milliseconds since the page's view, cumulative. */
export interface Dwell {
  readonly visible: number;
  readonly engaged: number;
}

export interface Clock {
  read(): Dwell;
  /** Begins at zero for the next page. `since`: when it was first seen, on `performance.now()`'s scale. */
  restart(since: number): void;
}

/** Without input for this long, nobody is taken to be there. */
const ENGAGED_FOR = 30000;

export function startClock(since: number): Clock {
  let visible = 0;
  let engaged = 0;
  let settled = since;
  let input = -Infinity;
  let isVisible = !document.hidden;
  let isFocused = document.hasFocus();

  /** Accounts for the time since the last settlement, by the state that held during it. */
  function settle(leaving?: boolean): number {
    const now = performance.now();
    if (isVisible) {
      visible += now - settled;
      if (isFocused) engaged += Math.max(0, Math.min(now, input + ENGAGED_FOR) - settled);
    }
    isVisible = !leaving && !document.hidden;
    isFocused = document.hasFocus();
    return (settled = now);
  }

  listen(document, "visibilitychange", () => settle());
  listen(window, "focus blur pageshow", () => settle());
  // pagehide comes while the page still calls itself visible (HTML, "unload a document").
  listen(window, "pagehide", () => settle(true));
  listen(window, "pointerdown pointermove keydown wheel touchmove", () => {
    input = settle();
  });

  return {
    read() {
      settle(!isVisible);
      return { visible: Math.round(visible), engaged: Math.round(engaged) };
    },
    restart(from) {
      settle();
      visible = engaged = 0;
      settled = from;
    },
  };
}
