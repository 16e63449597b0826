/** Who somebody is, taken out of any text before it leaves the page: docs/privacy.md has how much is caught. */
import { attempt } from "../guard";
import { hasEmail, PART, plainAt } from "./scrub/email";
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
  const named = plainAt(text.replace(/^\/(@|%40)[^/]+/, "/redacted"));
  return scrubAfterWords(scrubNumbers(named).replace(PART, scrubPart));
}

function scrubPart(part: string): string {
  const plain = decode(part);
  const scrubbed = hasEmail(plain) ? "redacted" : scrubAfterWords(scrubTokens(scrubNumbers(plain)));
  if (scrubbed === plain) return part;
  // What is encoded goes whole: its signs may part an address once they are plain.
  return plain === part ? scrubbed : "redacted";
}

/** What is percent-encoded, however often. */
function decode(text: string): string {
  const once = text.replace(/%(25)+/g, "%").replace(/%2f/gi, "+");
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- ECMAScript, B.2.1.2; it never throws
  return plainAt(attempt(decodeURIComponent, once) || unescape(once));
}
