/** E-mail addresses, also when they are written so that no machine may find them. */

/**
 * All up to white space or what separates an address's parts: a local part may hold any letter, and in
 * quotes spaces as well (RFC 5321, 4.1.2; RFC 6531). Nor does what stands for "@" or "." part it.
 */
export const PART =
  /[?&]\w+=|("[^"]*"|\s{0,2}(@|[^a-z\s]\s?(at|dot)\s?[^a-z\s]|&[\w#;]{2,9};|\/(u00|x)40)\s{0,2}|\s(at|dot)\s|[^\s/?&#])+/gi;

/**
 * But no density ("@2x"), no version ("lodash@4.17.21") and no place on a map ("@48.1,11.5"). What may be
 * something else than an "@" only with a domain. Repetitions have bounds, for time is to grow with the
 * text alone.
 */
const EMAIL =
  /[^\s@]@(?!\dx|-?\d+\.\d+(,|\.\d+(?!\.?\d)))[^\s@]|\S([\s+]{0,2}@[\s+]{0,2}|(u00|[\\/]x|#x0*|=)40;?|#0*64;?|commat;?|\s{0,2}[^a-z\s]\s?at[^a-z]{1,4}|\w[._]\w{1,64} at )[a-z][\w-]{0,63}\.[a-z]{2}|[^a-z]at[^a-z].{1,99}[^a-z]dot[^a-z]/i;

export const hasEmail = (part: string): boolean => EMAIL.test(part);
