/** IAB USP 1: the third character of a string such as `1YYN` says Y where sale was opted out of. */
import { Permit } from "./decision";

/** What is not written as it must be counts as opted out; `1---`: the law does not apply. */
export function readUsp({ uspString }: { readonly uspString: string }): number {
  return /^1[YN-][N-][YN-]$/i.test(uspString) ? Permit.ALL : Permit.ALL_BUT_ADS;
}
