/** IAB GPP 1.1: opt-outs from sale, sharing and targeted advertising in the states of the US. */
import { Still } from "./answer";
import { Permit } from "./decision";

export interface GppEvent {
  readonly pingData: {
    readonly signalStatus: unknown;
    readonly cmpDisplayStatus: unknown;
    /** Numbers of sections; -1 alone: none applies. */
    readonly applicableSections: unknown;
    readonly parsedSections: unknown;
  };
}

/**
 * European and Canadian sections ask for consent by purpose. GPP has no valid TCF string (so its issue
 * 118), so Europe's is the business of the TCF API; without that, there is no consent.
 */
const ASKS_FOR_CONSENT = CONFIG.privacy.consent_tcf ? /\b5\b/ : /\b[125]\b/;

/**
 * Opted out by any field of any section. By the specification a section is a list of segments, in the
 * IAB's own library it is one object (its issue 48); as text they are alike.
 */
const OPTED_OUT = /"(Gpc|\w*OptOut|OptOutSale)":(1|true)/;

export function readGpp({ pingData }: GppEvent): number {
  if (pingData.signalStatus !== "ready")
    return pingData.cmpDisplayStatus === "visible" ? Still.ASKING : Still.SILENT;
  const applicable = String(pingData.applicableSections);
  if (applicable === "-1") return Permit.ALL;
  if (ASKS_FOR_CONSENT.test(applicable)) return Permit.NOTHING;
  return OPTED_OUT.test(JSON.stringify(pingData.parsedSections)) ? Permit.ALL_BUT_ADS : Permit.ALL;
}
