/**
 * Advertising IDs: tells configured partners the visitor's identifier, so that they can link it with
 * their own and answer with that, by redirect, to the collector.
 */
import type { Sender } from "../beacon/wire";
import { attempt, guarded, listen } from "../guard";
import { Permit } from "../privacy/decision";

const KEY = CONFIG.brand + "_sync";

const enum Milliseconds {
  DAY = 86400000,
  /** After load, where the browser has no `requestIdleCallback` (WebKit). */
  SETTLE = 1000,
}

/** Unix time in ms of the last sync with each partner. */
type Times = Record<string, number>;

/** Waits for a moment in which the page needs nothing; the decision is asked only then, and each time. */
export function syncWhenIdle(sender: Sender): void {
  const wait = () => {
    const run = guarded(() => syncInTurn(sender));
    if ("requestIdleCallback" in window) requestIdleCallback(run);
    else setTimeout(run, Milliseconds.SETTLE);
  };
  if (document.readyState === "complete") wait();
  else listen("load", wait);
}

/** Tabs that were opened at once take turns (Web Locks, W3C), so that the second finds it done. */
function syncInTurn(sender: Sender): void {
  const run = guarded(() => sync(sender));
  if (navigator.locks) navigator.locks.request(KEY, run).catch(run);
  else run();
}

/** Where storage cannot remember when the last sync was there is none: it would be one on each page. */
function sync(sender: Sender): void {
  sender.refresh();
  const { permits, visitor } = sender;
  if (permits < Permit.TAILOR || !(visitor || CONFIG.visitor.set_by === "server")) return;
  const times = JSON.parse((localStorage[KEY] as string | undefined) || "{}") as Times;
  for (const { partner, url, days } of CONFIG.sync || []) {
    if (+new Date() - (times[partner] || 0) < days * Milliseconds.DAY) continue;
    times[partner] = +new Date();
    localStorage[KEY] = JSON.stringify(times);
    const image = new Image();
    image.referrerPolicy = "origin";
    image.src =
      CONFIG.visitor.set_by === "server"
        ? `${CONFIG.collector}/sync?partner=${partner}`
        : url.replace("{visitor}", encodeURIComponent(visitor!));
  }
}

/** What an earlier visit kept goes with the identifier. */
export function forgetSyncs(): void {
  attempt(() => localStorage.removeItem(KEY));
}
