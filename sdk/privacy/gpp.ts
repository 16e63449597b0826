/** IAB GPP 1.1: opt-outs from sale, sharing and targeted advertising in the states of the US. */
import { hasLoaded, Still, table } from "./answer";
import { Permit } from "./decision";
import { readUsp } from "./usp";

export interface GppEvent {
  readonly eventName?: unknown;
  /** Its fields may be missing or of another type. */
  readonly pingData: {
    readonly cmpStatus: unknown;
    readonly signalStatus: unknown;
    readonly cmpDisplayStatus: unknown;
    /** Numbers of sections; -1 alone: none applies. */
    readonly applicableSections: unknown;
    /** The sections' fields by name. Until GPP 1.1 there is only a string, which we do not decode. */
    readonly parsedSections: unknown;
  };
}

const EUROPE = 2;
/**
 * Europe's and Canada's sections ask for consent by purpose. GPP has no valid TCF string (its issue 118),
 * so Europe's is the business of the TCF API; without that, there is no consent.
 */
const ASK_FOR_CONSENT = CONFIG.privacy.consent_tcf ? [5] : [1, EUROPE, 5];

/** The sections of the US by number, from FIRST_SECTION on. A section that is not listed is a refusal. */
const SECTIONS =
  "uspv1 usnat usca usva usco usut usct usfl usmt usor ustx usde usia usne usnh usnj ustn usmn usmd usin usky usri";
const FIRST_SECTION = 6;

/** What a section must tell. The national one has all three; California says sharing for targeting. */
const OPT_OUTS: Record<string, string[]> = {
  usnat: ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"],
  usca: ["SaleOptOut", "SharingOptOut"],
};
const OPT_OUTS_OF_STATES = ["SaleOptOut", "TargetedAdvertisingOptOut"];

/** Of most fields. */
const enum Value {
  NOT_APPLICABLE = 0,
  YES = 1,
  NO = 2,
}

export function readGpp({ eventName, pingData }: GppEvent): number {
  const { signalStatus, applicableSections: applicable, parsedSections } = pingData;
  if (eventName === "error") return Permit.ALL_BUT_ADS;
  if (!hasLoaded(pingData.cmpStatus) || signalStatus === "not ready")
    return pingData.cmpDisplayStatus === "visible" ? Still.ASKING : Still.SILENT;
  if (asksForConsent(applicable)) return Permit.NOTHING;
  if (signalStatus !== "ready" || !Array.isArray(applicable)) return Permit.ALL_BUT_ADS;
  if (applicable.length === 1 && applicable[0] === -1) return Permit.ALL;
  const parsed = table(parsedSections);
  const isPermitted =
    applicable.length > 0 &&
    applicable.every((number) => isOfEurope(number) || isToldOf(number, parsed)) &&
    // An opt-out counts also where its section does not apply.
    Object.keys(parsed).every((name) => !name.startsWith("us") || isFree(name, parsed[name]));
  return isPermitted ? Permit.ALL : Permit.ALL_BUT_ADS;
}

/** Also where the numbers are not written as a list. */
const asksForConsent = (applicable: unknown) =>
  String(applicable)
    .split(",")
    .some((number) => ASK_FOR_CONSENT.includes(+number));

const isOfEurope = (number: unknown) => CONFIG.privacy.consent_tcf && number === EUROPE;

/** Whether the section of that number is there, tells of each opt-out, and that there is none. */
function isToldOf(number: unknown, parsed: Record<string, unknown>): boolean {
  const name = typeof number === "number" && SECTIONS.split(" ")[number - FIRST_SECTION];
  return !!name && isFree(name, parsed[name]) && isComplete(name, parsed[name]);
}

function isComplete(name: string, section: unknown): boolean {
  if (name === "uspv1") return true;
  return (OPT_OUTS[name] || OPT_OUTS_OF_STATES).every((field) =>
    segmentsOf(section).some((segment) => Object.keys(segment).includes(field)),
  );
}

function isFree(name: string, section: unknown): boolean {
  if (name === "uspv1") return readUspSection(table(section)) === Permit.ALL;
  return segmentsOf(section).every((segment) => Object.entries(segment).every(isHarmless));
}

/** By the specification a section is a list of segments, in the IAB's library one table (its issue 48). */
const segmentsOf = (section: unknown) =>
  (Array.isArray(section) ? (section as unknown[]) : [section]).map(table);

/** The characters of a USP string, one a field. */
const readUspSection = ({ Version, Notice, OptOutSale, LspaCovered }: Record<string, unknown>) =>
  readUsp({ uspString: [Version, Notice, OptOutSale, LspaCovered].join("") });

/** Whether a field takes nothing away. Values that we do not know do. */
function isHarmless([field, value]: [string, unknown]): boolean {
  const isEither = (harmless: Value, given = value) =>
    given === Value.NOT_APPLICABLE || given === harmless;
  if (field === "Gpc") return value === false || value === 0;
  // A service provider works for others, and may neither sell nor tailor.
  if (/OptOut$|^MspaServiceProviderMode$/.test(field)) return isEither(Value.NO);
  // Who was told of nothing has not declined to opt out of it. Of the modes, the second is as above.
  if (/Notice$|^MspaMode$/.test(field)) return isEither(Value.YES);
  // A parent's consent, or that for purposes beyond those of the collection.
  if (/Consents?$/.test(field))
    return (Array.isArray(value) ? value : [value]).every((each) => isEither(Value.NO, each));
  return true;
}
