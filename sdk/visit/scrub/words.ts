/** What follows a word such as "reset" or "token", and looks like no word itself. */
import { changes } from "./token";

/** In English, in what other languages have of it, and in the languages of the site. */
const WORD = new RegExp(CONFIG.privacy.secret_words, "i");

const enum Pieces {
  /** So many after the word: "verify/email/x", "Your code is x". */
  AFTER = 3,
}

/** What is a secret whatever it looks like, as the name before it says. */
const NAMED = /((passw\w{0,9}|pwd|secret|token|auth)=|passphrase\W)[^\s&]+/gi;

export function scrubAfterWords(text: string): string {
  let near = 0;
  return text.replace(NAMED, "$1redacted").replace(/%..|[^\s!-/:-@[-`{-~]+/g, (piece) => {
    near = WORD.test(piece) ? Pieces.AFTER : near - 1;
    return near >= 0 &&
      (/^(?!20\d\d$)\d{4,}$/.test(piece) || (piece.length > 4 && changes(piece) > 1))
      ? "redacted"
      : piece;
  });
}
