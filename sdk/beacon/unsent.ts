/** What could not be sent, kept for the next page of the site: bounded in size and age. */
import { attempt } from "../guard";
import type { Batch } from "./wire";

const KEY = CONFIG.brand + "_unsent";

export const enum Beacons {
  /** The page's own share of its storage stays its own. */
  MOST = 50,
}

const enum Milliseconds {
  /** Three days. */
  OLDEST = 259200000,
}

/** Adds to what is kept; `write` makes a body of each. False where the browser keeps nothing. */
export function keepUnsent(batches: Batch[], write: (batch: Batch) => string): boolean {
  return !!attempt(
    () =>
      (localStorage[KEY] = takeUnsent().concat(batches).slice(-Beacons.MOST).map(write).join("\n")),
  );
}

/** Removes and returns what is kept, so that of several tabs only one sends it. */
export function takeUnsent(): Batch[] {
  const taken = attempt(() => {
    const kept = localStorage[KEY] as string;
    localStorage.removeItem(KEY);
    return kept
      .split("\n")
      .map((body) => JSON.parse(body) as Batch)
      .filter(({ page }) => +new Date() - page.at < Milliseconds.OLDEST);
  });
  return taken || [];
}
