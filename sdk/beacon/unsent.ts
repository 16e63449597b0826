/** What could not be sent, kept for the next page of the site: bounded in size and age. */
import { attempt } from "../guard";
import { type Batch, toJson } from "./wire";

const KEY = CONFIG.brand + "_unsent";

const enum Milliseconds {
  /** Three days. */
  OLDEST = 259200000,
}

/** Puts these in the place of what is kept. False where the browser keeps nothing. */
export const keepUnsent = (batches: Batch[]): unknown =>
  attempt(() => (localStorage[KEY] = toJson(batches)));

/** Removes and returns what is kept, so that of several tabs only one sends it. */
export function takeUnsent(): Batch[] {
  const taken = attempt(() => {
    const kept = localStorage[KEY] as string;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- `removeItem` in fewer bytes
    delete localStorage[KEY];
    return (JSON.parse(kept) as Batch[]).filter(
      ({ page }) => +new Date() - page.at < Milliseconds.OLDEST,
    );
  });
  return taken || [];
}
