/** Cookies on the site's registrable domain. Storage that is refused or throws reads as empty. */
import { attempt } from "../guard";

/** The cookie's value where it matches `pattern`, or undefined. Several of one name: the first that does. */
export function findCookie(name: string, pattern: string): string | undefined {
  return attempt(() => RegExp(`(?:^|; )${name}=(${pattern})(?:;|$)`).exec(document.cookie)?.[1]);
}

/** Writes for all pages of the site; `days` 0 deletes. Whether the browser kept it, only reading tells. */
export function writeCookie(name: string, value: string, days: number): void {
  attempt(() => write(name, value, registrableDomain(), days * 86400));
}

function write(name: string, value: string, domain: string, seconds: number): void {
  document.cookie = `${name}=${value};domain=${domain};path=/;max-age=${seconds};samesite=${CONFIG.visitor.same_site};secure`;
}

/**
 * A browser refuses a cookie for a public suffix such as `co.uk` (RFC 6265, 5.3), and keeps no list
 * that a page could read. So the shortest name that takes a trial cookie is the registrable domain.
 * The trial's name is random: a tab beside this one tries too, and would delete ours.
 */
function registrableDomain(): string {
  const labels = location.hostname.split(".");
  const trial = CONFIG.brand + Math.random();
  for (let count = 2; count < labels.length; count++) {
    const domain = labels.slice(-count).join(".");
    write(trial, "1", domain, 9);
    if (findCookie(trial, "1")) {
      write(trial, "", domain, 0);
      return domain;
    }
  }
  return location.hostname;
}
