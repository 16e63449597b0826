/** The icon's element: one for each ad, with its name in the visitor's language, and its life. */
import { guarded } from "../guard";
import { isReplaced } from "./area";
import { cornerOf } from "./corner";
import { draw, dress, make } from "./elements";
import { attachPanel, type Panel } from "./panel";
import { hear, PRESSES } from "./presses";
import { keepAbove, type Watch } from "./watch";
import { chooseWords, isRightToLeft, Word } from "./words";

const MARK = CONFIG.brand + "-adchoices";

/** What a page or an ad server says of an ad; the same `data-` attributes of script and icon. */
const OPTIONS = ["advertiser", "paidBy", "why", "corner", "lang", "text"];

export interface Icon extends HTMLElement {
  /** The ad that it marks; a copy of an icon has none yet. */
  ad?: Marked;
  panel?: Panel;
  /** Whether it is of a creative that has gone. */
  isForgotten?: boolean;
  /** While it is in a document. */
  watch?: Watch | undefined;
}

/** An ad, with its icon under the icon's name. */
type Marked = Element & Record<string, Icon | undefined>;

/** Whether an ad has its icon, as its present creative would have it. */
export function isMarked(ad: Element): boolean {
  const icon = (ad as Marked)[MARK];
  if (!icon || !icon.watch) return false;
  icon.watch.look();
  return !icon.isForgotten;
}

/** Marks an ad, however often its script is there; in the ad's own document, all of that. */
export function markAd(element: Element, options: DOMStringMap): void {
  define();
  // What is drawn within an image of SVG can hold no element of HTML.
  let ad = /^(html|head|body)$/.test(element.localName) ? document.documentElement : element;
  while ((ad as SVGElement).ownerSVGElement) ad = (ad as SVGElement).ownerSVGElement!;
  const icon = document.createElement(MARK) as Icon;
  for (const key of OPTIONS) if (options[key]) icon.dataset[key] = options[key];
  const former = (ad as Marked)[MARK];
  if (former) {
    // The same creative's script again.
    if (isMarked(ad) && JSON.stringify(former.dataset) === JSON.stringify(icon.dataset)) return;
    release(former);
    former.remove();
  }
  icon.ad = ad as Marked;
  if (isReplaced(ad)) {
    icon.setAttribute("beside", "");
    ad.after(icon);
  } else {
    ad.append(icon);
  }
}

/**
 * As a custom element it is told by the browser when its ad comes, goes or comes again, and a copy of
 * an ad has an icon that lives as well. Whoever loads this script first defines it for the page.
 */
function define() {
  if (customElements.get(MARK)) return;
  const icons = new Set<Icon>();
  const onPress = guarded((event: Event) => {
    const path = event.composedPath();
    for (const { panel } of icons) if (panel) panel.react(event, path);
    // At the window and capturing, so that neither the ad nor who comes to listen later hears of it.
    if (path.some((each) => icons.has(each as Icon))) event.stopImmediatePropagation();
  });
  let deafen: (() => void) | undefined;
  customElements.define(
    MARK,
    class extends HTMLElement {
      connectedCallback() {
        guarded(start)(this, () => {
          icons.add(this);
          deafen = deafen || hear(PRESSES, onPress);
          return () => {
            icons.delete(this);
            if (icons.size) return;
            deafen!();
            deafen = undefined;
          };
        });
      }
      disconnectedCallback() {
        const { ad } = this as Icon;
        // Taken out alone it is put back (watch.ts); with its ad, it rests until that comes again.
        if (ad && !ad.isConnected) release(this);
      }
    },
  );
}

function start(icon: Icon, hearPresses: () => () => void) {
  if (icon.watch) return;
  const { previousElementSibling, parentElement } = icon;
  const ad = (icon.ad ||= (
    icon.hasAttribute("beside") ? previousElementSibling : parentElement
  ) as Marked);
  if (isMarked(ad)) {
    icon.remove();
    return;
  }
  ad[MARK] = icon;
  const button = icon.shadowRoot ? icon.shadowRoot.querySelector("button")! : furnish(icon);
  const deafen = hearPresses();
  // To be put last is to come into the document again.
  icon.watch = { look: () => undefined, end: deafen };
  const watch = keepAbove(ad, icon, button, cornerOf(icon.dataset.corner), {
    forget() {
      icon.isForgotten = true;
      const { dataset } = icon;
      dataset.advertiser = dataset.paidBy = dataset.why = "";
      icon.panel!.shut();
    },
    release: () => release(icon),
  });
  icon.watch = {
    look: watch.look,
    end() {
      deafen();
      watch.end();
    },
  };
}

function release(icon: Icon) {
  if (icon.panel) icon.panel.shut();
  if (icon.watch) icon.watch.end();
  icon.watch = undefined;
}

/** Makes what is inside of an icon. */
function furnish(icon: Icon): HTMLElement {
  const { lang, texts } = chooseWords(icon.dataset.lang);
  const picture = draw(CONFIG.adchoices.icon);
  const name = make("span", { lang }, [texts[Word.NAME]]);
  if (isRightToLeft(lang)) {
    name.dir = "rtl";
    picture.style.transform = "scaleX(-1)";
  }
  const button = make(
    "button",
    {
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "data-text": icon.dataset.text || "",
      // Of its own, so that who drags it does not drag the link that it stands in.
      draggable: "true",
    },
    [make("b", {}, [name, picture])],
  );
  // A shadow root keeps the page's styles out and ours in; open, so that whoever audits can look.
  const root = icon.attachShadow({ mode: "open" });
  dress(root, CONFIG.adchoices.icon_style);
  root.append(button);
  icon.panel = attachPanel(root, button, texts, icon.dataset);
  return button;
}
