/** The wire format: one JSON object that tells of events of one page. */
import type { Decision } from "../privacy/decision";

/** Who sends, and what the visitor allows: both as they are at the moment of sending. */
export interface Sender extends Decision {
  /** The visitor's identifier, or null where the decision forbids one or no cookie holds. */
  visitor: string | null;
  /** Whether a beacon has been packed under an identifier in this document. */
  isTold?: boolean;
  /** Has all of this say what is true of the browser now. */
  refresh: () => void;
}

/** The page as beacons tell of it. */
export interface Page {
  readonly id: string;
  url: string;
  referrer: string;
  title: string;
  /** When it was accessed: Unix time in ms. */
  readonly at: number;
}

/** As JSON: what there really is, not what a toJSON of the page's makes of it, as Prototype.js's did. */
export const toJson = (value: object) =>
  JSON.stringify(value, function (this: Record<string, unknown>, key) {
    return this[key];
  });

/** Events of one page. */
export interface Batch {
  readonly page: Page;
  readonly events: { readonly type?: string }[];
  /** Who did it, or null whom nobody may know; undefined while that is still to be seen. */
  readonly visitor?: string | null;
}
