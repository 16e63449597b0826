/** Numbers that are known by their form: telephones with a country code, payment cards, bank accounts. */

const NUMBER =
  /(^|[^\w.,])(((\+|00)[\s(+]?[1-9]|tel[:=]\+?\d)([^\w,:]{0,3}\d){8,13}|[3-6]\d{3}([^A-Za-z\d,]\d{4}){3}|3\d{3}[^A-Za-z\d,]?\d{6}[^A-Za-z\d,]?\d{4,5}|[A-Z]{2}\d\d([^A-Za-z\d,]?[A-Z\d]{4}){2,7}([^A-Za-z\d,]?[A-Z\d]{1,4})?)(?!\w)/g;

export const scrubNumbers = (text: string): string => text.replace(NUMBER, "$1redacted");
