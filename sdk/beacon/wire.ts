/** The wire format: one JSON object that tells of events of one page. */
import type { Decision } from "../privacy/decision";
import type { Signals } from "../privacy/signals";

/** What every beacon of this visit says beside its page and events. */
export interface Envelope {
  readonly visitor: string | null;
  readonly rule: Decision["rule"];
  readonly signals: Signals;
}

/** The page as beacons tell of it. */
export interface Page {
  readonly id: string;
  url: string;
  readonly referrer: string;
  title: string;
  /** When it was accessed: Unix time in ms. */
  readonly at: number;
}
