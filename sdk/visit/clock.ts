/**
 * Dwell: for how long the page was visible, and for how long somebody was engaged with it.
 * Monotonic, so a changed wall clock spoils nothing; event-driven, so it costs nothing while nothing
 * happens.
 */
import { listen } from "../guard";

/** Milliseconds since the page's view, cumulative. */
export interface Dwell {
  readonly visible: number;
  readonly engaged: number;
}

const enum Milliseconds {
  /** Without input for this long, nobody is taken to be there. */
  ENGAGED = 30000,
}

export interface Clock {
  /** The dwell until now; `isVisible`: whether the page is seen from now on. */
  read(isVisible: boolean): Dwell;
  restart(): void;
}

/** Not `document.hidden`: a page may have a frame called "hidden", which takes that name (HTML, 3.1.5). */
export const isHidden = () => document.visibilityState === "hidden";

/** `since`: when the page was first seen, on `performance.now()`'s scale. */
export function startClock(since: number): Clock {
  let visible = 0;
  let engaged = 0;
  let settled = since;
  let input = -Infinity;
  let wasVisible = !isHidden();
  let wasFocused = document.hasFocus();

  /** Accounts for the time since the last settlement, by the state that held during it. */
  function settle(isVisible = wasVisible): number {
    const now = performance.now();
    if (wasVisible) {
      visible += now - settled;
      if (wasFocused) engaged += Math.max(0, Math.min(now, input + Milliseconds.ENGAGED) - settled);
    }
    wasVisible = isVisible;
    wasFocused = document.hasFocus();
    return (settled = now);
  }

  listen("focus blur", () => settle());
  listen("pointerdown pointermove keydown wheel touchmove", () => (input = settle()));

  return {
    read(isVisible) {
      settle(isVisible);
      return { visible: Math.round(visible), engaged: Math.round(engaged) };
    },
    restart() {
      visible = engaged = 0;
    },
  };
}
