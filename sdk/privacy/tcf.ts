/** IAB TCF 2.3: consent and legitimate interest by purpose, and by vendor where we are a listed one. */
import { hasLoaded, Still, table } from "./answer";
import { Permit } from "./decision";

/** A legal basis; TCData has a table of purposes, and one of vendors, for each. */
type Basis = "consents" | "legitimateInterests";

/** TCData as far as we read it. Any of it may be missing or of another type. */
export interface TcData {
  readonly gdprApplies: unknown;
  readonly cmpStatus: unknown;
  readonly eventStatus: unknown;
  readonly tcString: unknown;
  readonly purposeOneTreatment: unknown;
  readonly purpose: Record<Basis, unknown>;
  readonly vendor: Record<Basis | "disclosedVendors", unknown>;
  readonly publisher: { readonly restrictions: unknown };
}

const enum Restriction {
  REQUIRE_CONSENT = 1,
  REQUIRE_LEGITIMATE_INTEREST = 2,
}

/** To store on the device. */
const STORE = 1;
const MEASURE_CONTENT = 8;
/** To select ads, to profile for that, and to measure ads. */
const ADS = [2, 3, 4, 7];

/** All that ads need, storage included, is granted together or not at all: each is a part of what we do. */
export function readTcf(data: TcData): number {
  if (!hasLoaded(data.cmpStatus)) return Still.SILENT;
  if (data.eventStatus === "cmpuishown") return Still.ASKING;
  const isSettled = ["tcloaded", "useractioncomplete"].includes(data.eventStatus as string);
  if (data.gdprApplies === false && (isSettled || data.eventStatus === undefined))
    return Permit.ALL;
  const isConsented = (purpose: number) => isGranted(data, "consents", purpose);
  // Who may not be counted need not be recognised either.
  if (
    data.gdprApplies !== true ||
    !isSettled ||
    !hasRecord(data) ||
    !(isConsented(MEASURE_CONTENT) || isGranted(data, "legitimateInterests", MEASURE_CONTENT))
  )
    return Permit.NOTHING;
  if (!isConsented(STORE)) return Permit.ONLY_MEASURE;
  return ADS.every(isConsented) ? Permit.ALL : Permit.ALL_BUT_ADS;
}

/** An empty string records no choice, whatever the tables beside it say. */
const hasRecord = ({ tcString }: TcData) =>
  tcString === undefined || (typeof tcString === "string" && tcString !== "");

function isGranted(data: TcData, basis: Basis, purpose: number): boolean {
  if (table(data.purpose[basis])[purpose] !== true) return false;
  // Of the first purpose nobody was told where the publisher's country has it treated apart.
  if (
    purpose === STORE &&
    data.purposeOneTreatment !== undefined &&
    data.purposeOneTreatment !== false
  )
    return false;
  return !CONFIG.privacy.vendor || isGrantedToUs(data, basis, purpose);
}

function isGrantedToUs({ vendor, publisher }: TcData, basis: Basis, purpose: number): boolean {
  const id = CONFIG.privacy.vendor;
  const restricted = table(publisher.restrictions)[purpose];
  const restriction = restricted === undefined ? undefined : table(restricted)[id];
  const fitting =
    basis === "consents" ? Restriction.REQUIRE_CONSENT : Restriction.REQUIRE_LEGITIMATE_INTEREST;
  return (
    table(vendor[basis])[id] === true &&
    // TCF 2.3: nobody consents or objects to a vendor whom they were not told of.
    table(vendor.disclosedVendors)[id] === true &&
    (restriction === undefined || restriction === fitting)
  );
}
