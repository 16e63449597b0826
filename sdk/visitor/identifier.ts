/** Who: the random identifier that recognises a returning visitor, and nothing about the person. */
import type { Sender } from "../beacon/wire";
import { takeUnsent } from "../beacon/unsent";
import { attempt } from "../guard";
import { Permit } from "../privacy/decision";
import { renewOptOut } from "../privacy/optout";
import { findCookie, writeCookie } from "./cookie";
import { forgetSyncs } from "./sync";

/** Whether a visitor who has not opted out may still have to be left without anything stored. */
const MAY_REFUSE_STORAGE = CONFIG.privacy.consent || CONFIG.privacy.dnt === "respect";

/** The cookie's name. */
export const IDENTIFIER = CONFIG.brand + "_id";

/** Recognises the visitor where the decision permits it, and otherwise forgets what was kept. */
export function identify(sender: Sender): void {
  sender.visitor =
    attempt(() => {
      if (sender.signals.optout) renewOptOut();
      if (sender.permits >= Permit.IDENTIFY)
        return CONFIG.visitor.set_by === "script" && recogniseVisitor();
      // Only a consent API lets what was kept stay of whom it does not let be recognised.
      if (!(CONFIG.privacy.consent && sender.permits & Permit.KEEP)) forgetVisitor();
    }) || null;
}

/** The known visitor, or a new one; kept for another while. Null where no cookie holds. */
function recogniseVisitor(): string | undefined {
  const read = () => findCookie(IDENTIFIER, "[\\w-]{22}");
  writeCookie(IDENTIFIER, read() || randomIdentifier(), CONFIG.visitor.cookie_days);
  return read();
}

/** Deletes what was kept. */
function forgetVisitor(): void {
  // Who has opted out holds a cookie anyway; nobody else is to be tried with one on each page.
  if (!MAY_REFUSE_STORAGE || findCookie(IDENTIFIER, ".*?")) writeCookie(IDENTIFIER, "", 0);
  if (CONFIG.sync) forgetSyncs();
  takeUnsent();
}

/** 128 random bits, base64url without padding; throws where the browser has no `crypto`. */
const randomIdentifier = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replace(/\//g, "_")
    .replace(/\+/g, "-")
    .slice(0, 22);
