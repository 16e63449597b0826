/** Signals in, one decision out. Every other part asks it and obeys. */
import { readSignals, type Signals } from "./signals";

/** What a rule may permit: bits, so that the strictest of several rules is their AND. */
export const enum Permit {
  NOTHING = 0,
  /** The visitor's identifier may be kept and sent. */
  IDENTIFY = 1,
  /** Beacons may be sent. */
  MEASURE = 2,
  /** The identifier may be linked with advertising IDs. */
  SYNC = 4,
  /** Ads, and what the page greets with, may be tailored. */
  TAILOR = 8,
  /** No more than this bit: the visitor has refused, so what was kept goes. Without it: not asked yet. */
  DECIDED = 16,
  ALL_BUT_ADS = 19,
  ONLY_MEASURE = 18,
  ALL = 31,
}

/** The decision as it stands; its fields change when a signal does. */
export interface Decision {
  signals: Signals;
  /** The latest AdChoices Signal, as it came. */
  adchoices?: string;
  /** What each rule permits, by its name, in the order in which they are asked. */
  rules: Record<string, number>;
  /** The name of the rule that decided; it travels with each beacon. */
  rule: string;
  /** What they all permit. */
  permits: number;
  /** A signal, named as its rule, has been given, changed or withdrawn. */
  readonly hear: (name: string, permits: number) => void;
}

/** Calls `obey` after each later change. */
export function openDecision(obey: () => void): Decision {
  const heard: Record<string, number> = {};
  if (CONFIG.adchoices.signal) heard.adchoices = Permit.ALL;
  // Until a consent API has answered, nothing is stored or sent.
  if (CONFIG.privacy.consent_tcf) heard.tcf = Permit.NOTHING;
  if (CONFIG.privacy.consent_gpp) heard.gpp = Permit.NOTHING;
  if (CONFIG.privacy.consent_usp) heard.usp = Permit.NOTHING;

  const decision = {
    hear(name, permits) {
      heard[name] = permits | Permit.DECIDED;
      decide();
      obey();
    },
  } as Decision;

  /** The strictest wins: of the rules that took something away, the last is the one that decided. */
  function decide() {
    const signals = readSignals();
    if (CONFIG.adchoices.signal) signals.adchoices = decision.adchoices || null;
    const rules: Record<string, number> = {
      optout: signals.optout ? Permit.ONLY_MEASURE : Permit.ALL,
      ...heard,
    };
    if (CONFIG.privacy.gpc === "respect") rules.gpc = signals.gpc ? Permit.ALL_BUT_ADS : Permit.ALL;
    if (CONFIG.privacy.dnt === "respect")
      rules.dnt = signals.dnt === "1" ? Permit.ONLY_MEASURE : Permit.ALL;
    let rule = "default";
    let permits: number = Permit.ALL;
    for (const [name, permitted] of Object.entries(rules)) {
      if (permits & ~permitted) rule = name;
      permits &= permitted;
    }
    signals.optout = rules.optout === Permit.ONLY_MEASURE;
    Object.assign(decision, { signals, rules, rule, permits });
  }

  decide();
  return decision;
}
