/**
 * Where an icon's host lies: over the whole of its ad, which is left as it is. Nothing is set on the
 * ad, and the host takes no room, so whatever moves the ad moves the host in the same frame.
 */
import { areaOf, hasBox, isReplaced, parentOf } from "./area";

export interface Place {
  /** Whether the host is where it was put, as it was laid. */
  isKept(): boolean;
  /** Whether the page may scroll the ad without the host. */
  isLoose(): boolean;
  /** Puts the host where it belongs, after all else in the ad or right behind the ad. */
  attach(): void;
  /** Lays the attached host over the ad, in this of the page's layers; returns whether there is room. */
  lay(level: number): boolean;
}

/** By their `display`, containers in which a float that takes no room moves nothing. */
const FLOWS = /^(block|inline|inline-block|flow-root|list-item|table-cell|table-caption)$/;

/** From the host's own spot on, in CSS pixels of the page. */
type Shape = [left: number, top: number, width: number, height: number];

const enum Pixels {
  /** Below what browsers round to, so that what has not moved is not written again. */
  LEAST = 0.1,
  /** Between two measures of the same place, one of which is in whole pixels. */
  WHOLE = 1.5,
}

/** The place of `host` in `ad`; beside it, once `host` has the attribute `beside`. */
export function placeOver(ad: Element, host: HTMLElement): Place {
  const { style } = host;
  let written = "";
  let kept = "";

  function write(position: string, level: number, rest: string) {
    const text = `all:unset;display:block;position:${position};z-index:${level};pointer-events:none;${rest}`;
    if (text === written && style.cssText === kept) return;
    written = text;
    // No rule of the page has more weight than that; what is inherited ends inside the shadow root.
    style.cssText = text.replace(/;/g, "!important;");
    kept = style.cssText;
  }

  /**
   * Takes no room where it stands, and is shifted from there over the area. A float scrolls and is cut
   * off with all that is around it; among flex items it would be one, and is laid out by itself.
   */
  function layOverArea(position: string, level: number): boolean {
    const area = areaOf(ad, host);
    if (!(area.width > 0 && area.height > 0)) {
      write(position, level, "display:none;");
      return false;
    }
    const origin = position === "fixed" ? "left:0;top:0;" : "";
    const shape = (...[x, y, width, height]: Shape) =>
      write(
        position,
        level,
        `float:left;${origin}width:${width}px;height:${height}px;margin:0 ${-width}px ${-height}px 0;transform:translate(${x}px,${y}px);`,
      );
    const shift = /translate\((.+)px, ?(.+)px\)/.exec(style.transform);
    const [x, y] = shift ? [+shift[1]!, +shift[2]!] : [0, 0];
    // A first guess, from which the rest is measured.
    if (!shift || style.position !== position) shape(x, y, area.width, area.height);
    const spot = host.getBoundingClientRect();
    const [shown, tall] = [parseFloat(style.width), parseFloat(style.height)];
    // What is measured is of the window, what is set is of a page that may be scaled.
    const scale = spot.width / shown || 1;
    const found = [
      x + (area.left - spot.left) / scale,
      y + (area.top - spot.top) / scale,
      area.width / scale,
      area.height / scale,
    ];
    // In whole pixels, and right however the page around is turned: whoever is near is more exact.
    const whole = measureWhole();
    const best = found.map((exact, at) =>
      whole && Math.abs(exact - whole[at]!) > Pixels.WHOLE ? whole[at]! : exact,
    ) as Shape;
    const before: Shape = [x, y, shown, tall];
    const hasMoved = best.some((value, at) => Math.abs(value - before[at]!) > Pixels.LEAST);
    shape(...(hasMoved ? best : before));
    return true;
  }

  /** How the ad is laid out from the host's own spot on, where the page's layout tells. */
  function measureWhole(): Shape | undefined {
    const { offsetParent, offsetLeft, offsetTop, offsetWidth, offsetHeight } = ad as HTMLElement;
    if (!offsetWidth || !(isReplaced(ad) || hasBox(ad))) return undefined;
    let [left, top] = [-host.offsetLeft, -host.offsetTop];
    if (host.offsetParent === ad)
      return [left - ad.clientLeft, top - ad.clientTop, offsetWidth, offsetHeight];
    const { transform, translate, scale, rotate } = getComputedStyle(ad);
    // A host beside it is not moved with it.
    const isStill = [transform, translate, scale, rotate].every((each) => !each || each === "none");
    if (host.offsetParent !== offsetParent || (isBeside() && !isStill)) return undefined;
    // What scrolls the ad without the host is not in the layout.
    for (
      let each = parentOf(ad);
      isLoose() && each && each !== offsetParent;
      each = parentOf(each)
    ) {
      left -= each.scrollLeft;
      top -= each.scrollTop;
    }
    return [left + offsetLeft, top + offsetTop, offsetWidth, offsetHeight];
  }

  const isLoose = () => style.position !== "relative" && !!style.transform;
  const isBeside = () => host.hasAttribute("beside");

  return {
    isKept: () => style.cssText === kept && host.parentNode === (isBeside() ? ad.parentNode : ad),
    isLoose,
    attach() {
      if (isBeside()) ad.after(host);
      else ad.append(host);
    },
    lay(level) {
      const { position } = getComputedStyle(ad);
      if (ad === document.documentElement) {
        write("fixed", level, "left:0;top:0;width:100%;height:100%;");
        return true;
      }
      if (!isBeside() && position !== "static" && hasBox(ad)) {
        // Laid out within the ad: nothing is measured, however that is moved, scaled or turned.
        const start = `left:${ad.scrollLeft}px;top:${ad.scrollTop}px;`;
        write("absolute", level, `${start}width:100%;height:100%;`);
        return true;
      }
      if (isBeside() && /fixed|absolute|sticky/.test(position)) {
        return layOverArea(position === "fixed" ? "fixed" : "absolute", level);
      }
      return layOverArea(FLOWS.test(displayAround(host)) ? "relative" : "absolute", level);
    },
  };
}

/** The `display` of what lays an element out. */
function displayAround(element: Element): string {
  let around = parentOf(element);
  while (around && getComputedStyle(around).display === "contents") around = parentOf(around);
  return around ? getComputedStyle(around).display : "";
}
