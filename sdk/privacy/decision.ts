/** Signals in, one decision out. Every other part asks it and obeys. */
import { readSignals, type Signals } from "./signals";

/**
 * What a rule may permit: bits, so that the strictest of several rules is their AND. From MEASURE on each
 * is permitted only with those before it, so that `permits >= Permit.IDENTIFY` asks for it.
 */
export const enum Permit {
  /** Not even to hold: no rule takes that away but one by which the visitor has refused. */
  NOTHING = 0,
  /** What happens may be held, in memory, until it is known whether beacons may be sent. */
  HOLD = 1,
  /** What an earlier page kept may stay. */
  KEEP = 2,
  /** Beacons may be sent. */
  MEASURE = 4,
  /** The visitor's identifier may be kept and sent; only where KEEP is permitted, too. */
  IDENTIFY = 8,
  /** The identifier may be linked with advertising IDs; ads, and what the page greets with, tailored. */
  TAILOR = 16,
  /** Nobody has answered yet. */
  UNANSWERED = 3,
  ONLY_MEASURE = 5,
  ALL_BUT_ADS = 15,
  ALL = 31,
}

/** The decision as it stands; its fields change when a signal does. */
export interface Decision {
  readonly signals: Signals;
  /** What each rule permits, by its name, in the order in which they are asked. */
  readonly rules: Record<string, number>;
  /** The name of the rule that decided; it travels with each beacon. */
  rule: string;
  /** What they all permit. */
  permits: number;
  /** Reads the browser's signals anew, which may have changed since, and decides by all rules. */
  readonly decide: () => void;
  /** Somebody has given, changed or withdrawn a signal, named as its rule. */
  readonly hear: (name: string, permits: number) => void;
}

/** Calls `obey` after each word, and says whether it is a new one. */
export function openDecision(obey: (isNew: boolean) => void): Decision {
  const signals = {} as Signals;
  const rules: Record<string, number> = {
    optout: Permit.ALL,
    ...(CONFIG.adchoices.signal && { adchoices: Permit.ALL }),
    // Until a consent API has answered, nothing is stored or sent.
    ...(CONFIG.privacy.consent_tcf && { tcf: Permit.UNANSWERED }),
    ...(CONFIG.privacy.consent_gpp && { gpp: Permit.UNANSWERED }),
    ...(CONFIG.privacy.consent_usp && { usp: Permit.UNANSWERED }),
  };
  if (CONFIG.adchoices.signal) signals.adchoices = null;

  const decision = {
    signals,
    rules,
    /** The strictest wins: of the rules that took something away, the last is the one that decided. */
    decide() {
      Object.assign(signals, readSignals(), { optout: rules.optout! < Permit.ALL });
      if (CONFIG.privacy.gpc === "respect")
        rules.gpc = signals.gpc ? Permit.ALL_BUT_ADS : Permit.ALL;
      if (CONFIG.privacy.dnt === "respect")
        rules.dnt = signals.dnt === "1" ? Permit.ONLY_MEASURE : Permit.ALL;
      decision.rule = "default";
      decision.permits = Permit.ALL;
      for (const [rule, permitted] of Object.entries(rules)) {
        if (decision.permits & ~permitted) decision.rule = rule;
        decision.permits &= permitted;
      }
    },
    hear(name, permits) {
      // Who opts in says so, whatever was the case before.
      const isNew = rules[name] !== permits || name === "optout";
      rules[name] = permits;
      obey(isNew);
    },
  } as Decision;

  return decision;
}
