/** The icon: one for each ad, with its name in the visitor's language. */
import { cornerOf } from "./corner";
import { draw, dress, make } from "./elements";
import { attachPanel, type Facts } from "./panel";
import { chooseWords, isRightToLeft, Word } from "./words";
import { keepAbove } from "./watch";

/** What a page or an ad server says of an ad, by `data-` attributes of the script. */
export interface Options extends Facts {
  readonly corner?: string;
  readonly lang?: string;
  /** Whether the name stands beside the icon at any time, not only when it has attention. */
  readonly text?: "always";
}

const MARK = CONFIG.brand + "-adchoices";

/** Marks an ad, however often its script is there; in the ad's own document, all of that. */
export function markAd(element: HTMLElement, options: Options): void {
  const ad = /^(html|head|body)$/.test(element.localName) ? document.documentElement : element;
  const marked = ad as unknown as Record<string, boolean>;
  if (marked[MARK]) return;
  marked[MARK] = true;

  const { lang, texts } = chooseWords(options.lang);
  const picture = draw(CONFIG.adchoices.icon);
  const name = make("span", { lang }, [texts[Word.NAME]]);
  if (isRightToLeft(lang)) {
    name.dir = "rtl";
    picture.style.transform = "scaleX(-1)";
  }
  const icon = make(
    "button",
    { "aria-haspopup": "dialog", "aria-expanded": "false", "data-text": options.text || "" },
    [make("b", {}, [name, picture])],
  );
  const host = make(MARK, {}, []);
  // A shadow root keeps the page's styles out and ours in; open, so that whoever audits can look.
  const root = host.attachShadow({ mode: "open" });
  // What is adopted out of the document WebKit paints without for some frames, and measures so.
  ad.append(host);
  dress(root, CONFIG.adchoices.icon_style);
  root.append(icon);
  attachPanel(root, icon, texts, options);
  keepAbove(ad, host, icon, cornerOf(options.corner));
}
