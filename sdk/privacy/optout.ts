/**
 * The visitor's opt-out: a cookie of a generic value, the same for all. Consent banners sweep cookies away
 * by the beginnings of their names, so `localStorage` has a second witness of who was heard to opt out.
 */
import { attempt } from "../guard";
import { findCookie, forgetCookie, keepCookie } from "../visitor/cookie";

const NAME = CONFIG.brand + "_optout";

const enum Days {
  /** Five years and two days (DAA); that browsers clamp it to 400 days is why each contact renews it. */
  OPT_OUT = 1829,
}

export const hasOptedOut = (cookies?: string) => !!findCookie(NAME, "1", cookies);

export const renewOptOut = () => keepCookie(NAME, "1", () => "1", Days.OPT_OUT);

/** Whether the visitor was heard to opt out. Where storage was not touched yet that takes time. */
export const isOptOutWitnessed = () => attempt(() => NAME in localStorage);

export const witnessOptOut = () => attempt(() => (localStorage[NAME] = "1"));

export function forgetOptOut(): void {
  attempt(forgetCookie, NAME);
  attempt(() => localStorage.removeItem(NAME));
}
