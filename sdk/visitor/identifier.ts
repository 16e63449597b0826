/** Who: the random identifier that recognises a returning visitor, and nothing about the person. */
import { attempt } from "../guard";
import { findCookie, writeCookie } from "./cookie";

const NAME = CONFIG.brand + "_id";

/** The known visitor, or a new one; kept for another while. Null where no cookie holds. */
export function recogniseVisitor(): string | null {
  const read = () => findCookie(NAME, "[\\w-]{22}");
  const visitor = read() || randomIdentifier();
  if (!visitor) return null;
  writeCookie(NAME, visitor, CONFIG.visitor.cookie_days);
  return read() === visitor ? visitor : null;
}

/** Deletes what an earlier visit kept. */
export function forgetVisitor(): null {
  if (findCookie(NAME, ".*?")) writeCookie(NAME, "", 0);
  return null;
}

/** 128 random bits, base64url without padding; undefined where the browser has no `crypto`. */
export function randomIdentifier(): string | undefined {
  return attempt(() =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .slice(0, 22),
  );
}
