/** Keeps the icon in its corner and above the creative, whatever becomes of both. */
import { guarded, later } from "../guard";
import { takeCorner } from "./corner";

const enum Limit {
  /** Milliseconds after a look in which changes of the creative gather to the next. */
  GATHER = 200,
  /** So often the icon is put back before it gives up: to fight a creative would burn CPU. */
  REPAIRS = 6,
  /** Milliseconds after which a repair is forgotten: a creative that rotates is no enemy. */
  FORGET = 9000,
}

/**
 * Lays `host`, with `icon` in it, over the whole of `ad`, and sees to it that it stays. Nothing needs
 * ending: when the ad has left the document, so does the host, and the observers go with the ad.
 */
export function keepAbove(
  ad: HTMLElement,
  host: HTMLElement,
  icon: HTMLElement,
  corner: number,
): void {
  const page = document.documentElement;
  // An image or a frame shows nothing that is put into it, so the icon stands beside it.
  const isBeside = "src" in ad;
  const box = isBeside ? ad.parentElement || ad : ad;
  // Of two in one layer the later is above; the layers of the ad's own box are nobody else's.
  const level = isBeside ? getComputedStyle(ad).zIndex : "2147483647";
  const { style } = host;
  let kept = "";
  let repairs = 0;
  let heard = 0;

  function look() {
    if (!ad.isConnected) {
      host.remove();
      return;
    }
    if (host.parentNode !== box || style.cssText !== kept || isCovered(ad, host, icon)) {
      if (repairs++ === Limit.REPAIRS) {
        observers.forEach((observer) => observer.disconnect());
        new Image().src = `${CONFIG.collector}/pixel.gif?site=${CONFIG.site}&e=adchoices&failure=covered`;
        return;
      }
      later(Limit.FORGET, () => repairs--);
      box.append(host);
    }
    const area = isBeside ? over(ad) : "0;top:0;width:100%;height:100%";
    // No rule of the page has more weight than that; what is inherited ends inside the shadow root.
    style.cssText =
      `all:unset;display:block;position:${ad === page ? "fixed" : "absolute"};left:${area};z-index:${level};pointer-events:none;`.replace(
        /;/g,
        "!important;",
      );
    kept = style.cssText;
    takeCorner(icon, corner, box);
    changes.takeRecords(); // of what was done just now
  }

  // A stacking context of its own keeps the icon above the ad and below what the page lays over it.
  if (ad !== page) {
    if (getComputedStyle(box).position === "static") box.style.position = "relative";
    if (!isBeside) box.style.isolation = "isolate";
  }
  // The first of some changes is looked at before it is painted, the others not that often.
  const heed = guarded(() => {
    if (heard++) return;
    later(Limit.GATHER, () => {
      const isDue = heard > 1;
      heard = 0;
      if (isDue) heed();
    });
    look();
  });
  const observe = (Observer: typeof MutationObserver) => {
    const observer = new Observer(heed);
    observer.observe(box, { attributes: true, childList: true, subtree: true });
    return observer;
  };
  const changes = observe(MutationObserver);
  // These two take the same calls, and of the options what they know.
  const observers = [
    changes,
    observe(ResizeObserver as never),
    observe(IntersectionObserver as never),
  ];
  heed();
}

/** The area of an element within its parent, as it goes on after `left:`. */
function over({ offsetLeft, offsetTop, offsetWidth, offsetHeight }: HTMLElement): string {
  return `${offsetLeft}px;top:${offsetTop}px;width:${offsetWidth}px;height:${offsetHeight}px`;
}

/** Whether something of the ad itself is where the icon should be seen; what the page lays over it may. */
function isCovered(ad: HTMLElement, host: Element, icon: Element): boolean {
  const { left, top, width, height } = icon.getBoundingClientRect();
  if (!width) return ad.offsetWidth > 0;
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  return found !== host && ad.contains(found);
}
