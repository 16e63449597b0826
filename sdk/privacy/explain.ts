/** The decision in words that a page, its owner and a regulator can check. */
import { type Decision, Permit } from "./decision";

/** Every signal, every rule with what it permits, and what follows of them all: a copy, as it stands now. */
export const explain = (decision: Decision) => ({
  ...spellOut([decision.rule, decision.permits]),
  signals: { ...decision.signals },
  rules: Object.entries(decision.rules).map(spellOut),
});

const spellOut = ([rule, permits]: [string, number]) => ({
  rule,
  measure: permits >= Permit.MEASURE,
  identify: permits >= Permit.IDENTIFY,
  sync: permits >= Permit.TAILOR,
  tailor: permits >= Permit.TAILOR,
});
