/** Cookies on the site's registrable domain. Storage that is refused or throws reads as empty. */
import { attempt } from "../guard";

/**
 * The cookie's value where it matches `pattern`, or undefined. Several of one name: the last that does,
 * for those of longer paths stand first (RFC 6265, 5.4), and ours are all at "/".
 */
export const findCookie = (
  name: string,
  pattern: string,
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-conversion -- an image may be called "cookie"
  cookies = attempt(() => String(document.cookie)) || "",
): string | undefined => cookies.match(`(.*; |^)${name}=(${pattern})(;|$)`)?.[2];

/**
 * Where a cookie may be kept for all pages of the site, the shortest domain first, and last the host alone.
 * That is all there is for an IP address, of whose end a domain would be another host's, and one label.
 */
const findDomains = () =>
  location.hostname
    .split(".")
    .map((_, at, labels) => ";domain=" + labels.slice(at).join("."))
    .slice(0, /\.\d+$/.test(location.hostname) ? 0 : -1)
    .reverse()
    .concat("");

const write = (name: string, value: string, days: number, domain: string) =>
  (document.cookie = `${name}=${value}${domain};path=/;max-age=${days * 86400};samesite=${CONFIG.visitor.same_site};secure`);

/**
 * Renews the cookie where its value matches `pattern`, or else writes what `make` gives. Returns what the
 * browser keeps, or undefined where it keeps none.
 *
 * A browser refuses a cookie for a public suffix such as `co.uk` (RFC 6265, 5.3), and keeps no list
 * that a page could read. So the shortest domain that takes a cookie is the registrable one. A new value
 * is its own trial. One that is there already needs another, whose name is random: a tab beside this one
 * tries too, and would delete ours.
 */
export function keepCookie(
  name: string,
  pattern: string,
  make: () => string,
  days: number,
  cookies?: string,
): string | undefined {
  const isKnown = findCookie(name, pattern, cookies);
  const [trial, value] = isKnown ? [CONFIG.brand + Math.random(), "1"] : [name, make()];
  const domains = findDomains();
  const domain = domains.find((domain) => {
    write(trial, value, days, domain);
    return findCookie(trial, value);
  });
  if (domain === undefined) return;
  if (!isKnown) return value;

  write(trial, "", 0, domain);
  // We put none there, so whoever did may not choose who a visitor is on the whole site.
  for (const other of domains) if (other !== domain) write(name, "", 0, other);
  const kept = findCookie(name, pattern) || make();
  write(name, kept, days, domain);
  // Now there are two where it had been put on a longer path.
  if (document.cookie.split(`${name}=${kept}`).length < 3) return kept;
  const fresh = make();
  write(name, fresh, days, domain);
  return fresh;
}

/** Deletes it on each domain, and where it is the host's alone. */
export function forgetCookie(name: string): void {
  for (const domain of findDomains()) write(name, "", 0, domain);
}

/** Writes for all pages of the site; `days` 0 deletes. Whether the browser kept it, only reading tells. */
export function writeCookie(name: string, value: string, days: number): void {
  if (days) keepCookie(name, value, () => value, days);
  else forgetCookie(name);
}
