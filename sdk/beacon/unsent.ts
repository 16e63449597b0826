/** What could not be sent, kept for the next page of the site: bounded in size and age. */
import { attempt } from "../guard";
import type { Page } from "./wire";

const KEY = CONFIG.brand + "_unsent";

export const enum Beacons {
  /** The page's own share of its storage stays its own. */
  MOST = 50,
}

const enum Milliseconds {
  /** Three days. */
  OLDEST = 259200000,
}

/** Adds to what is kept. False where the browser keeps nothing. */
export function keepUnsent(bodies: string[]): boolean {
  return !!attempt(
    () => (localStorage[KEY] = takeUnsent().concat(bodies).slice(-Beacons.MOST).join("\n")),
  );
}

/** Removes and returns what is kept, so that of several tabs only one sends it. */
export function takeUnsent(): string[] {
  const taken = attempt(() => {
    const kept = localStorage[KEY] as string;
    localStorage.removeItem(KEY);
    return kept.split("\n").filter(isYoung);
  });
  return taken || [];
}

function isYoung(body: string): boolean {
  const { page } = JSON.parse(body) as { page: Page };
  return Date.now() - page.at < Milliseconds.OLDEST;
}
