/** What a rule may allow, one bit each; rules are combined by AND. */
export const enum Permit {
  /** Set, renew and send the identifier. */
  IDENTIFY = 1,
  /** Tell the collector what was seen. */
  MEASURE = 2,
  /** Link the identifier to other parties' advertising IDs. */
  SYNC = 4,
  /** Choose ads by the identifier. */
  TAILOR = 8,
  /** Nothing for others: what is left to who has opted out of sale, sharing or targeting. */
  UNSOLD = 3,
  ALL = 15,
}
