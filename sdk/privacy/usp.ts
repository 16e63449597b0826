/** IAB USP 1: the third character of a string such as `1YYN` says Y where sale was opted out of. */
import { Permit } from "./decision";

export interface UspData {
  readonly version?: unknown;
  readonly uspString: unknown;
}

/** `1---` says that the law does not apply; a dash for the sale alone says nothing. */
const NOT_OPTED_OUT = /^1(---|[YN-]N[YN-])$/i;

export function readUsp({ version, uspString }: UspData): number {
  const isKnown = version === undefined || version === 1;
  return isKnown && typeof uspString === "string" && NOT_OPTED_OUT.test(uspString)
    ? Permit.ALL
    : Permit.ALL_BUT_ADS;
}
