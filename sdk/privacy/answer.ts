/** What a consent API's answer may say instead of permits, which are never negative. */
export const enum Still {
  /** Nothing that counts, so the wait goes on. */
  SILENT = -1,
  /** A dialog is open: a person reads, however long. What was permitted before stays so. */
  ASKING = -2,
}
