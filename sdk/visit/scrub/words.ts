/** What follows a word such as "reset" or "token", and looks like no word itself. */
import { CHANGE } from "./token";

/** Words in English, in what other languages have of it, and in the languages of the site. */
const SECRET = new RegExp(
  `((?:passw|secret|token)\\w{0,9}=|(${CONFIG.privacy.secret_words})[^\\s!-@_]{0,12}([^\\w%?&]{1,3}\\w{1,9}){0,2}?([^\\w%?&]{1,3}|_)(?!20\\d\\d\\b)(?=\\w{0,9}(\\d{4}|${CHANGE.source})))[^\\s/&]{4,}`,
  "gi",
);

export const scrubAfterWords = (text: string): string => text.replace(SECRET, "$1redacted");
