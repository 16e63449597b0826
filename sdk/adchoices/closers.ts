/** Buttons that close an ad, in whatever language and wherever in the page they stand. */

const BUTTONS = "button,[role=button],a[href],input,summary,[onclick],[tabindex]";
/** What may be one around an ad that is out of sight, where no browser tells what lies over what. */
const SUSPECTS =
  "button,[role=button],[onclick],[class*=close i],[id*=close i],[aria-label],[title],[data-close],[data-dismiss]";
/** A cross in any script, or the letter. */
const SIGN = /^\s*[×✕✖✗✘⨯⨉╳❌❎x]\s*$/i;
/** Nine points, closer to each other than a button is small. */
const STEPS = [0.02, 0.5, 0.98];

const enum Limit {
  /** Pixels of the largest thing that is taken for a close button. */
  LARGEST = 64,
  /** Characters of a text that says something; what is longer is an address or data. */
  LONGEST = 99,
}

/** Whether `icon` lies over, or under, what closes `ad`; `host` lies over the whole of that. */
export function isOverCloser(icon: Element, host: Element, ad: Element): boolean {
  const { left, top, right, bottom, width, height } = icon.getBoundingClientRect();
  const whole = host.getBoundingClientRect();
  const suspects = new Set<Element>(ad.parentNode!.querySelectorAll(SUSPECTS));
  for (const tree of [ad.getRootNode() as Document, ad.shadowRoot]) {
    if (!tree) continue;
    for (const x of STEPS) {
      for (const y of STEPS) {
        const found = tree.elementsFromPoint(left + width * x, top + height * y);
        found.forEach((each) => suspects.add(each));
      }
    }
  }
  suspects.delete(host);
  suspects.delete(ad);
  return [...suspects].some((each) => {
    const area = each.getBoundingClientRect();
    return (
      area.left < right &&
      area.right > left &&
      area.top < bottom &&
      area.bottom > top &&
      area.width < Limit.LARGEST &&
      area.height < Limit.LARGEST &&
      // What fills a small ad is the ad.
      area.width * area.height < (whole.width * whole.height) / 2 &&
      isCloser(each)
    );
  });
}

function isCloser(element: Element): unknown {
  const { attributes, localName, parentElement, shadowRoot } = element;
  const text = element.textContent || "";
  const words = [...attributes].map(({ name, value }) => `${name} ${value}`);
  const said = [localName, text, ...words].filter(({ length }) => length < Limit.LONGEST);
  const isPointed = (each: Element) => getComputedStyle(each).cursor === "pointer";
  return (
    element.matches(BUTTONS) ||
    (shadowRoot && shadowRoot.querySelector(BUTTONS)) ||
    SIGN.test(text) ||
    new RegExp(CONFIG.adchoices.closers, "i").test(said.join(" ")) ||
    // By itself, for a link hands that down to all that is in it.
    (isPointed(element) && !(parentElement && isPointed(parentElement)))
  );
}
