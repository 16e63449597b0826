/** What of an address may leave the page: no fragment, no credentials, only the configured parameters. */

/** `address` as it may be sent; "" where it is none. */
export function cleanAddress(address: string): string {
  if (!address) return "";
  const { protocol, host, pathname, search } = new URL(address, location.href);
  const kept = CONFIG.measure.keep_params && keptParameters(search);
  return `${protocol}//${host}${pathname}${kept && "?" + kept}`;
}

function keptParameters(search: string): string {
  const keep = RegExp(CONFIG.measure.keep_params);
  return search
    .slice(1)
    .split("&")
    .filter((parameter) => keep.test(parameter.replace(/=.*/, "")))
    .join("&");
}
