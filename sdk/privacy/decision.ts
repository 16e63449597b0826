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
  const refuses = CONFIG.privacy.dnt === "respect" && signals.dnt === "1";
  const rule = signals.optout ? "optout" : refuses ? "dnt" : "default";
  return { rule, identify: rule === "default" };
}
