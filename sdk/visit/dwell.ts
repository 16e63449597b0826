/**
 * Dwell: for how long the page was visible, for how long somebody was engaged with it, and how deep
 * they scrolled. Monotonic, so a changed wall clock spoils nothing; event-driven, so it costs nothing
 * while nothing happens.
 */
import { attempt, listen } from "../guard";

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
  /** How high the page is: for moments in which layout is done anyway. */
  gauge(): void;
  restart(): void;
}

/** Not `document.hidden`: a page may have a frame called "hidden", which takes that name (HTML, 3.1.5). */
export const isHidden = () => document.visibilityState === "hidden";

/** `since`: when the page was first seen, Unix time in ms. */
export function watchDwell(since: number): Watch {
  const now = () => +performance.now().toFixed();
  let visible = 0;
  let engaged = 0;
  let settled = now() - +new Date() + since;
  let engagedUntil = 0;
  let wasVisible = !isHidden();
  let wasFocused: boolean | undefined;
  let deepest = 0;
  let height = 0;

  /** Accounts for the time since the last settlement, by the state that held during it. */
  function settle(): number {
    const before = settled;
    settled = now();
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
    height = document.documentElement.scrollHeight;
    deepest = Math.max(scrollY + innerHeight, deepest);
  }

  listen("focus blur", settle);
  // A finger that moves has been put down, and is heard again when it is put down again.
  listen("pointerdown pointermove keydown wheel", () => {
    engagedUntil = settle() + Milliseconds.ENGAGED;
  });
  // Captured at the window, so it runs before a handler of the page has made layout stale.
  if (CONFIG.measure.scroll) listen("scroll", gauge);

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
    gauge,
    restart() {
      // Without a report, the time until now is still to be settled.
      if (CONFIG.privacy.consent) settle();
      visible = engaged = deepest = 0;
    },
  };
}
