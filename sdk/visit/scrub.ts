/** Who somebody is, taken out of any text before it leaves the page: docs/privacy.md has how much is caught. */
import { attempt } from "../guard";
import { hasEmail, PART } from "./scrub/email";
import { scrubNumbers } from "./scrub/numbers";
import { scrubTokens } from "./scrub/token";
import { scrubAfterWords } from "./scrub/words";

const enum Characters {
  /** Of a text that is looked through, and far more than leaves. */
  MOST = 20000,
  /** At the end of such a cut, which may be half of something; whatever is longer is known by its half. */
  UNSURE = 200,
}

export function scrub(text: string): string {
  if (text.length > Characters.MOST)
    return scrub(text.slice(0, Characters.MOST)).slice(0, -Characters.UNSURE);
  // A path that begins with "@" is somebody's page.
  const named = text.replace(/^\/(@|%40)[^/]+/, "/redacted");
  return scrubPlain(
    named.replace(PART, (part) => {
      const plain = decode(part);
      if (plain.length > Characters.MOST || hasEmail(plain)) return "redacted";
      const scrubbed = plain === part ? part : scrubPlain(plain);
      return scrubbed === plain ? part : encodeURIComponent(scrubbed).replace(/%00/g, "%2F");
    }),
  );
}

const scrubPlain = (text: string): string => scrubAfterWords(scrubTokens(scrubNumbers(text)));

/**
 * What is percent-encoded, however often, and letters and signs of another width, as all others are
 * written. An encoded slash, which base64 has, becomes a sign that parts nothing.
 */
const decode = (text: string): string =>
  text
    .replace(/%(25)+/g, "%")
    .replace(/%2f/gi, "\0")
    .replace(/%[2-7][\da-f]|(%[89a-f][\da-f])+/gi, (run) => attempt(decodeURIComponent, run) || run)
    .normalize("NFKC");
