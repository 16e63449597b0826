/** The visitor's organisation, as the collector infers it from the IP address. */
import { type Decision, Permit } from "../privacy/decision";

interface Answer {
  readonly organization: unknown;
}

/** An organisation, or null where there is none or none may be asked for; rejects without an answer. */
export const inferOrganization = async (decision: Decision): Promise<unknown> =>
  (decision.permits >= Permit.TAILOR &&
    ((await (await fetch(CONFIG.collector + "/organization")).json()) as Answer).organization) ||
  null;
