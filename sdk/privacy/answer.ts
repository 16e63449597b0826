/**
 * How answers of consent APIs are read. One sentence governs all of them: what an API does not say, says
 * wrongly or says in a form that we do not know is a refusal. So a reader names what permits, and throws
 * at everything else; whoever calls it takes that for a refusal.
 */

/** What an answer may say instead of permits, which are never negative. */
export const enum Still {
  /** Nothing that counts, so the wait goes on. */
  SILENT = -1,
  /** A person is being asked, and reads for however long: no refusal, and what was kept before stays. */
  ASKING = -2,
}

/** A table of named values. Lists are none: from which number they count is not known. */
export function table(value: unknown): Record<string, unknown> {
  if (!value || typeof value !== "object" || Array.isArray(value)) throw new TypeError();
  return value as Record<string, unknown>;
}

/** Whether a platform has loaded. Where it does not tell, that it answers shows it; an error throws. */
export function hasLoaded(cmpStatus: unknown): boolean {
  if (cmpStatus === undefined || cmpStatus === "loaded") return true;
  if (cmpStatus === "stub" || cmpStatus === "loading") return false;
  throw new TypeError();
}
