/** IAB TCF 2.3: consent and legitimate interest by purpose, and by vendor where we are a listed one. */
import { attempt } from "../guard";
import { Still } from "./answer";
import { Permit } from "./decision";

/** A legal basis; TCData has a table of purposes, and one of vendors, for each. */
type Basis = "consents" | "legitimateInterests";
type Flags = Record<number, unknown>;

export interface TcData {
  readonly gdprApplies: unknown;
  readonly eventStatus: unknown;
  readonly purpose: Record<Basis, Flags>;
  readonly vendor: Record<Basis | "disclosedVendors", Flags>;
  readonly publisher: { readonly restrictions: Record<number, unknown> };
}

const enum Restriction {
  REQUIRE_CONSENT = 1,
  REQUIRE_LEGITIMATE_INTEREST = 2,
}

/**
 * Purpose 1: store on the device; 8: measure content. To select ads and to profile for it (2, 3, 4), and
 * to measure ads (7), are granted together with 1 or not at all: each is a part of what we do there.
 */
export function readTcf(data: TcData): number {
  if (data.gdprApplies === false) return Permit.ALL;
  if (data.eventStatus === "cmpuishown") return Still.ASKING;
  if (!/^(tcloaded|useractioncomplete)$/.test(data.eventStatus as string)) return Still.SILENT;
  const isGranted = (basis: Basis, ...purposes: number[]) =>
    purposes.every((purpose) => mayProcess(data, basis, purpose));
  // Who may not be counted need not be recognised either.
  return isGranted("consents", 8) || isGranted("legitimateInterests", 8)
    ? Permit.ONLY_MEASURE |
        (isGranted("consents", 1) ? Permit.ALL_BUT_ADS : 0) |
        (isGranted("consents", 1, 2, 3, 4, 7) ? Permit.ALL : 0)
    : Permit.NOTHING;
}

function mayProcess({ purpose, vendor, publisher }: TcData, basis: Basis, number: number): boolean {
  if (purpose[basis][number] !== true) return false;
  if (!CONFIG.privacy.vendor) return true;
  const id = CONFIG.privacy.vendor;
  const isConsent = basis === "consents";
  const restriction = attempt(() => (publisher.restrictions[number] as Flags)[id]);
  const fitting = isConsent ? Restriction.REQUIRE_CONSENT : Restriction.REQUIRE_LEGITIMATE_INTEREST;
  return (
    vendor[basis][id] === true &&
    // TCF 2.3: nobody objects to a vendor whom they were not told of.
    (isConsent || vendor.disclosedVendors[id] === true) &&
    (restriction === undefined || restriction === fitting)
  );
}
