/** What could not be sent, kept for the next page of the site: bounded in size and age. */
import { type Batch, toJson } from "./wire";

const enum Milliseconds {
  /** Three days. */
  OLDEST = 259200000,
}

/** Puts these in the place of what is kept; throws where the browser keeps nothing. */
export const keepUnsent = (batches: Batch[]): unknown =>
  (localStorage[CONFIG.brand + "_unsent"] = toJson(batches));

/**
 * Removes and returns what is kept, so that of several tabs only one sends it; throws where storage does.
 * `stays`: it is left there, by who puts it back with more, for a script that ends in between.
 */
export const takeUnsent = (stays?: unknown): Batch[] => {
  const kept = localStorage[CONFIG.brand + "_unsent"] as string | undefined;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- `removeItem` in fewer bytes
  if (!stays) delete localStorage[CONFIG.brand + "_unsent"];
  return (JSON.parse(kept || "[]") as Batch[]).filter(
    (batch) => +new Date() - batch.page.at < Milliseconds.OLDEST,
  );
};
