/** What of an address may leave the page: no credentials, no fragment unless it is a route, of the query
 * parameters only those that are configured, and of the rest nothing that tells who somebody is. */
import { scrub } from "./scrub";

/** `address`, absolute or relative to the page's, as it may be sent; not scrubbed, only to compare. */
export function cleanAddress(address: string, cleanse = scrub): string {
  const url = new URL(address || location.href, location.href);
  if (CONFIG.measure.keep_params) {
    for (const [name] of [...url.searchParams])
      if (name.search(CONFIG.measure.keep_params)) url.searchParams.delete(name);
  } else url.search = "";
  // Without a host it is a file, whose path has its owner's name in it, or data, or the like.
  if (!url.host) return url.protocol;
  return (
    url.protocol +
    "//" +
    url.host +
    cleanse(
      CONFIG.measure.hash_routes
        ? url.pathname + url.search + url.hash.replace(/\?.*/, "")
        : url.pathname + url.search,
    )
  ).slice(0, 2048);
}
