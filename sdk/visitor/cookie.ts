/** Cookies on the site's registrable domain. Storage that is refused or throws reads as empty. */
import { attempt } from "../guard";

/** The cookie's value where it matches `pattern`, or undefined. Several of one name: the first that does. */
export const findCookie = (name: string, pattern: string): string | undefined =>
  attempt(() => document.cookie.match(`(^|; )${name}=(${pattern})(;|$)`)?.[2]);

/**
 * Writes for all pages of the site; `days` 0 deletes. Whether the browser kept it, only reading tells.
 *
 * A browser refuses a cookie for a public suffix such as `co.uk` (RFC 6265, 5.3), and keeps no list
 * that a page could read. So the shortest name that takes a trial cookie is the registrable domain.
 * The trial's name is random: a tab beside this one tries too, and would delete ours.
 */
export function writeCookie(name: string, value: string, days: number): void {
  const labels = location.hostname.split(".");
  const trial = CONFIG.brand + Math.random();
  let count = 2;
  const write = (name: string, value: string, seconds: number) =>
    (document.cookie = `${name}=${value};domain=${labels.slice(-count).join(".")};path=/;max-age=${seconds};samesite=${CONFIG.visitor.same_site};secure`);
  do write(trial, "1", 9);
  while (!findCookie(trial, "1") && count++ < labels.length);
  write(trial, "", 0);
  write(name, value, days * 86400);
}
