/** The words of the icon and the panel, in the language of the visitor or of the ad. */
import { inBestLanguage } from "./language";

/** A language as `navigator.languages` has it, in small letters, and its texts between `|`. */
export type Entry = readonly [lang: string, texts: string];

/** In which place each of an entry's words stands; `words/en.json` has them in English. */
export const enum Word {
  NAME,
  /** The language of all that follow: English where the name's own has no text. */
  LANGUAGE,
  ADVERTISER,
  PAID,
  WHY,
  KEPT,
  MORE,
  OPTOUT,
  CLOSE,
  DONE,
  ELSEWHERE,
}

export type Texts = Readonly<Record<Word, string>>;

export interface Words {
  /** The name's own language. */
  readonly lang: string;
  readonly texts: Texts;
}

/** The words for the ad's own language, else for the first of the visitor's that is built in. */
export function chooseWords(own: string | undefined): Words {
  const known = CONFIG.adchoices.words;
  const entry =
    CONFIG.adchoices.choice &&
    inBestLanguage([own || "", ...navigator.languages], (language) =>
      known.find(([lang]) => lang === language),
    );
  const [lang, texts] = entry || known[0];
  return { lang, texts: texts.split("|") as unknown as Texts };
}

/** Whether a language is written from right to left. */
export function isRightToLeft(lang: string): boolean {
  return !!CONFIG.adchoices.rtl && CONFIG.adchoices.rtl.includes(lang);
}
