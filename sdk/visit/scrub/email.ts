/** E-mail addresses, also when they are written so that no machine may find them. */

/**
 * All up to white space or what separates an address's parts: a local part may hold any letter, and in
 * quotes spaces as well (RFC 5321, 4.1.2; RFC 6531).
 */
export const PART = /[?&]\w+=|("[^"]*"|[^\s/?&#])+/g;

/**
 * What stands for an "@" (a wide or small one, an entity, an escape, a word), with a domain in which "dot"
 * may stand for dots. Repetitions have bounds, for time is to grow with the text alone.
 */
const DISGUISED =
  /(\s{0,2}[@\uff20\ufe6b]\s{0,2}|&[\w#;]{2,9};|[\\/]?u0040|([\\/]x|=)40(?!\d)|[^a-z\d%-]{1,3}at[^a-z\d%-]{1,3})(?!\dx)[\w-]{1,63}((\.|[^a-z\d%-]{1,3}dot[^a-z\d%-]{1,3})[a-z][\w-]{1,63}){1,5}/gi;

export const plainAt = (text: string): string => text.replace(DISGUISED, "@redacted");

/** But no density ("@2x"), no version ("lodash@4.17.21") and no place on a map ("@48.1,11.5"). */
export const hasEmail = (part: string): boolean =>
  /[^\s@]@(?!\dx|-?\d+\.\d+(,|\.\d+(?!\.?\d)))[^\s@]/.test(part);
