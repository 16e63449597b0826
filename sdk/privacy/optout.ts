/** The cookie of a visitor who has opted out: a generic value, the same for all. */
import { attempt } from "../guard";
import { findCookie, writeCookie } from "../visitor/cookie";

const NAME = CONFIG.brand + "_optout";

const enum Days {
  /** Five years and two days (DAA); that browsers clamp it to 400 days is why each contact renews it. */
  OPT_OUT = 1829,
}

export const hasOptedOut = () => !!findCookie(NAME, "1");

export const renewOptOut = () => writeCookie(NAME, "1", Days.OPT_OUT);

export const forgetOptOut = () => attempt(writeCookie, NAME, "", 0);
