/** What a consent API's answer may say instead of permits, which are never negative. */
export const enum Still {
  /** Nothing that counts, so the wait goes on. */
  SILENT = -1,
  /** A person is being asked, and reads for however long: no refusal, and what was kept before stays. */
  ASKING = -2,
}
