/** What of an address may leave the page: no credentials, no fragment unless it is a route, of the query
 * parameters only those that are configured, and of the rest nothing that tells who somebody is. */
import { redact } from "./redact";
import { scrub } from "./scrub";

/** `address`, absolute or relative to the page's, as it may be sent; not scrubbed, only to compare. */
export function cleanAddress(address: string, cleanse = scrub): string {
  const url = new URL(address || location.href, location.href);
  // A file's path has its owner's name in it; without a host it is data, somebody's mail or the like.
  if (!url.host || url.protocol === "file:") return url.protocol;
  let path = url.pathname + keptParameters(url.search);
  // Other fragments are places in the page, or what a sign-in hands over ("#access_token=…").
  if (CONFIG.measure.hash_routes && /^#[/!]/.test(url.hash))
    path += url.hash.replace(/\?.*/, keptParameters);
  if (CONFIG.privacy.redact && cleanse === scrub) path = redact(path, url.hostname);
  return (url.protocol + "//" + cleanse(url.host) + cleanse(path)).slice(0, 2048);
}

/** Of a query, "?" included, the parameters that may leave, each as it is written. */
function keptParameters(query: string): string {
  if (!CONFIG.measure.keep_params) return "";
  const kept = query
    .slice(1)
    .split("&")
    // It never throws, and the names in tag.toml are ASCII.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ECMAScript, B.2.1.2
    .filter((one) => !unescape(one.split("=")[0]!).search(CONFIG.measure.keep_params));
  return kept[0] ? "?" + kept.join("&") : "";
}
