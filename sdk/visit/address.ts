/** What of an address may leave the page: no credentials, no fragment unless it is a route, of the query
 * parameters only those that are configured, and nothing personal in what is left. */
import { scrub } from "./scrub";

/** `address`, absolute or relative to the page's, as it may be sent. */
export function cleanAddress(address: string): string {
  const url = new URL(address, location.href);
  // A file's path has its owner's name in it, and the address of data is the data.
  if (!url.host) return url.protocol;
  url.pathname = scrub(url.pathname);
  const keep = RegExp(CONFIG.measure.keep_params);
  url.search = CONFIG.measure.keep_params
    ? new URLSearchParams(
        [...url.searchParams].filter(([name]) => keep.test(name)).map((pair) => pair.map(scrub)),
      ).toString()
    : "";
  url.hash = CONFIG.measure.hash_routes ? scrub(url.hash.replace(/\?.*/, "")) : "";
  url.username = url.password = "";
  return url.href.slice(0, 2048);
}
