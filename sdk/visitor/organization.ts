/** The visitor's organisation, as the collector infers it from the IP address. */
import type { Sender } from "../beacon/wire";
import { Permit } from "../privacy/decision";

interface Answer {
  readonly organization: unknown;
}

/** An organisation, or null where there is none or none may be asked for; rejects without an answer. */
export async function inferOrganization(sender: Sender): Promise<unknown> {
  sender.refresh();
  if (sender.permits < Permit.TAILOR) return null;
  // The address of the page is nobody's business here.
  const answer = await fetch(CONFIG.collector + "/organization", { referrerPolicy: "origin" });
  return ((await answer.json()) as Answer).organization || null;
}
