/** Telephones with a country code, bank accounts and payment cards, whatever stands between their digits. */

/**
 * "+", "00" or "tel:" begin a telephone, country and check digits an account, which may have letters as
 * well (ISO 13616), and a card a first group of its digits; without groups it is a long number.
 */
const NUMBER =
  /(^|[^\w.,])(\+|00(?!0)|tel[:=]\+?|[A-Z]{2}\d\d|(?!20)[2-6]\d{2,7}[^\w,:%])((?:[^\w,:%]|%20){0,3}(?:[A-Z]{1,4}[^\w,:%]?)?\d){8,33}(?!\w)/g;

export const scrubNumbers = (text: string): string => text.replace(NUMBER, "$1redacted");
