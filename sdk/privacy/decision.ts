/** Signals in, one decision out. Every other part asks it and obeys. */
import type { Signals } from "./signals";

export interface Decision {
  /** The name of the rule that decided; it travels with each beacon. */
  readonly rule: string;
  /** May the visitor's identifier be kept and sent? */
  readonly identify: boolean;
}

/** The first rule that applies decides, the strictest comes first. */
export function decide(signals: Signals): Decision {
  if (signals.optout) return { rule: "optout", identify: false };
  if (CONFIG.privacy.dnt === "respect" && signals.dnt === "1")
    return { rule: "dnt", identify: false };
  return { rule: "default", identify: true };
}
