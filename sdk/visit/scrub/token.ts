/** Random letters and digits: tokens, keys, digests, identifiers. */

/**
 * Between letter and digit, but for a size ("1080x1080") or a time ("20261130T0815"), and between two
 * letters that hardly ever stand beside each other in the languages of Europe.
 */
const CHANGE =
  /\d(?=(?![xt]\d)[a-z])|[a-z](?=\d)|(?!(.)\1|[cd]z)([bcdfghkpqtvwxz](?=[bcdfgjmpqvwxz])|[bdfhijklmnqruvxyz](?=[hqwx])|[jmqvwxz](?=[cdfgjkrstvz]))/g;

const count = (text: string, pattern: RegExp): number => (text.match(pattern) || []).length;

/** How often a text changes as random ones do at every second sign, and words hardly ever. */
export function changes(text: string): number {
  // A capital that begins a word is no change, and words as short as "B2B" and "Q4" tell nothing.
  const words = text.replace(/_/g, " ").replace(/([a-z])(?=[A-Z][a-z]{2})|\b\w{1,3}\b/g, "$1 ");
  return count(words, /[a-z](?=[A-Z])/g) + count(words.toLowerCase(), CHANGE);
}

/** Digests, base32 and long numbers, but no fraction. */
const LONG = /(^|[^\d.,].?)([\da-fA-F]{15,}|[A-Z2-7]{16,})/;

export const scrubTokens = (text: string): string =>
  text.replace(/[\w+\0~:.-]{11,}/g, (group) =>
    LONG.test(group) || changes(group) > 1.2 + group.length / 13
      ? group.replace(/[\w+\0-]{6,}/g, (part) =>
          changes(part) || /\d{5}/.test(part) ? "redacted" : part,
        )
      : group,
  );
