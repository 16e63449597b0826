/**
 * Who: the random identifier that recognises a returning visitor, and nothing about the person. It is
 * looked up whenever a beacon is packed, for another tab, a banner or the visitor may have changed it.
 */
import type { Sender } from "../beacon/wire";
import { takeUnsent } from "../beacon/unsent";
import { attempt } from "../guard";
import { openDecision, Permit } from "../privacy/decision";
import { hasOptedOut, isOptOutWitnessed, renewOptOut } from "../privacy/optout";
import { findCookie, forgetCookie, keepCookie } from "./cookie";
import { forgetSyncs } from "./sync";

/** The cookie's name. */
export const IDENTIFIER = CONFIG.brand + "_id";

/** 128 bits in base64url: of the last character's six, four are unused. */
const OURS = "[\\w-]{21}[AQgw]";

/** Throws where the browser has no `crypto`. */
const randomIdentifier = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replace(/\//g, "_")
    .replace(/\+/g, "-")
    .slice(0, 22);

/** Calls `obey` after each word on what the visitor allows. */
export function openSender(obey: () => void): Sender {
  /** A cookie that is gone later was deleted: no other is made until somebody says that one may be. */
  let mayMake = true;
  /** The identifier that was deleted last. */
  let former: string | undefined;
  let obeyed: number | undefined;

  const sender = openDecision((isNew) => {
    mayMake ||= isNew;
    refresh(true);
    obey();
  }) as Sender;

  /** `isWord`: somebody has just said what counts, so what cookies tell is older. */
  function refresh(isWord?: boolean) {
    sender.visitor = attempt(look, isWord) || null;
  }

  function look(isWord: unknown): string | undefined {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- an image may be called "cookie"
    const cookies = attempt(() => String(document.cookie)) || "";
    const held = findCookie(IDENTIFIER, OURS, cookies);
    if (hasOptedOut(cookies)) sender.rules.optout = Permit.ONLY_MEASURE;
    // An opt-out that has vanished was taken back where there is an identifier again. Where there is none,
    // all was swept away, or nothing could be kept: what is absent is no permission.
    else if (!isWord && held && held !== former) sender.rules.optout = Permit.ALL;
    sender.decide();
    if (mayMake && !held && sender.permits >= Permit.IDENTIFY && isOptOutWitnessed()) {
      sender.rules.optout = Permit.ONLY_MEASURE;
      sender.decide();
    }

    const isChanged = !!isWord || obeyed !== sender.permits;
    obeyed = sender.permits;
    if (isChanged && sender.signals.optout) renewOptOut();
    if (sender.permits >= Permit.IDENTIFY) {
      const visitor = mayMake && CONFIG.visitor.set_by === "script" ? recognise(cookies) : held;
      mayMake = false;
      return visitor;
    }
    // Only a consent API lets what was kept stay of whom it does not let be recognised.
    if (!(CONFIG.privacy.consent && sender.permits & Permit.KEEP)) forget(cookies, isChanged);
  }

  /** The known visitor, kept for another while, or a new one. Undefined where no cookie holds. */
  const recognise = (cookies: string) =>
    keepCookie(
      IDENTIFIER,
      OURS,
      // A page that denies first and grants later, each time it is opened, has one visitor all the same.
      () => (!sender.isTold && former) || randomIdentifier(),
      CONFIG.visitor.cookie_days,
      cookies,
    );

  function forget(cookies: string, isChanged: boolean) {
    former = findCookie(IDENTIFIER, OURS, cookies) || former;
    if (findCookie(IDENTIFIER, ".*?", cookies)) forgetCookie(IDENTIFIER);
    if (!isChanged) return;
    if (CONFIG.sync) forgetSyncs();
    takeUnsent();
  }

  sender.refresh = refresh;
  sender.decide();
  return sender;
}
