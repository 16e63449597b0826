/** What of an address may leave the page: no credentials, no fragment unless it is a route, and of the
 * query parameters only those that are configured. */

/** `address`, absolute or relative to the page's, as it may be sent. */
export function cleanAddress(address: string): string {
  const url = new URL(address, location.href);
  if (CONFIG.measure.keep_params) {
    const keep = RegExp(CONFIG.measure.keep_params);
    const parameters = url.searchParams;
    for (const name of [...parameters.keys()]) if (!keep.test(name)) parameters.delete(name);
  } else url.search = "";
  url.hash = CONFIG.measure.hash_routes ? url.hash.replace(/\?.*/, "") : "";
  url.username = url.password = "";
  return url.href.slice(0, 2048);
}
