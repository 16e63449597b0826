/** Random letters and digits: tokens, keys, digests, identifiers. */

/**
 * Where a text changes as random ones do at every second sign, and words hardly ever: between letter and
 * digit, but for a size ("1080x1080") or a time ("20261130T0815"); at each hex digit that eleven follow, so
 * that more than the 13 of an article's number count; and between two letters that are rare beside each
 * other in the languages of Europe. In lower case.
 */
export const CHANGE =
  /\d(?=(?![xt]\d)[a-z])|[a-z](?=\d)|(?!20)[\da-f](?=[\da-f]{11})|(?!bb|dd|ff|gg|kk|pp|zz|tm|[cx][ckpz])[bcdfghjkpqtvwxz](?=[bcdfgjkmnpqvwxz])|[jmqvxyz](?=[fghjkqrvwxz])/g;

/** A capital that begins a word is no change, and fractions and words as short as "B2B" tell nothing. */
const NO_CHANGE = /([a-z])(?=[A-Z](?![a-z]{2}))|(^|[\W_])(\d\.\d+|[^\W_]{1,3})(?![^\W_])/g;

const changes = (text: string): number =>
  (text.replace(NO_CHANGE, "$1 0").toLowerCase().match(CHANGE) || []).length;

/** Base32 in capitals may have no digit for long. */
const isRandom = (group: string): boolean =>
  /[A-Z2-7]{16}/.test(group) || changes(group) > 1.2 + group.length / 13;

/** Of a random group, a file's extension and a domain's labels stay. */
export const scrubTokens = (text: string): string =>
  text.replace(/[\w+~:.-]{8,}/g, (group) =>
    isRandom(group)
      ? group.replace(/[\w+-]{4,}/g, (part) =>
          /[A-Z\d]/.test(part) || changes(part) ? "redacted" : part,
        )
      : group,
  );
