/** The visitor's organisation, as the collector infers it from the IP address. */
import { type Decision, Permit } from "../privacy/decision";

/** An organisation, or null where there is none or none may be asked for. */
export async function inferOrganization(decision: Decision): Promise<unknown> {
  try {
    if (decision.permits & Permit.TAILOR) {
      const response = await fetch(CONFIG.collector + "/organization");
      return ((await response.json()) as { organization: unknown }).organization || null;
    }
  } catch {
    // No answer, or none that can be read.
  }
  return null;
}
