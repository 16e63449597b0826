/** The decision in words that a page, its owner and a regulator can check. */
import { type Decision, Permit } from "./decision";

/** Every signal, every rule with what it permits, and what follows of them all: a copy, as it stands now. */
export function explain({ rule, permits, signals, rules }: Decision) {
  return {
    ...spellOut([rule, permits]),
    signals: { ...signals },
    rules: Object.entries(rules).map(spellOut),
  };
}

function spellOut([rule, permits]: [string, number]) {
  return {
    rule,
    identify: !!(permits & Permit.IDENTIFY),
    measure: !!(permits & Permit.MEASURE),
    sync: !!(permits & Permit.SYNC),
    tailor: !!(permits & Permit.TAILOR),
  };
}
