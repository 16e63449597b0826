/** Keeps the icon in its corner and above the creative, whatever becomes of both. */
import { guarded, later } from "../guard";
import { isReplaced, parentOf } from "./area";
import { takeCorner } from "./corner";
import { tellFailure } from "./failure";
import { placeOver } from "./place";
import { hear } from "./presses";

const enum Limit {
  /** Milliseconds after a look in which changes of the creative gather to the next. */
  GATHER = 200,
  /** So often the icon is put back before it rests: to fight a creative would burn CPU. */
  REPAIRS = 6,
  /** Milliseconds after which a repair is forgotten, and after which a lost fight is tried again. */
  FORGET = 9000,
  /** The highest layer that there is. */
  TOP = 2147483647,
}

/** What tells that something has moved, or begins to. */
const MOVES = "scroll load transitionrun transitionend animationstart animationend";

export interface Owner {
  /** Takes back what was said of a creative that is not there any more. */
  forget(): void;
  /** Ends all when the ad has gone. */
  release(): void;
}

export interface Watch {
  /** Looks now whether all is as it should be. */
  readonly look: () => void;
  /** Ends all. */
  readonly end: () => void;
}

/** Sees to it that `host`, with `icon` in it, lies over `ad`. */
export function keepAbove(
  ad: Element,
  host: HTMLElement,
  icon: HTMLElement,
  corner: number,
  owner: Owner,
): Watch {
  const place = placeOver(ad, host);
  const around = isReplaced(ad) ? parentOf(ad)! : ad;
  let level = ad === document.documentElement ? Limit.TOP : 0;
  let repairs: number[] = [];
  let isTold = false;
  let isNew = true;
  let heard = 0;
  let gathering = 0;
  let retrying = 0;
  let creative: Node[] = [];
  let sized: Element[] = [];

  /** Whether what was here when the ad was marked has gone, all of it. */
  function isOtherCreative(): boolean {
    const known = creative.some((node) => node.parentNode === ad);
    const isOther = creative.length > 0 && !known;
    if (!known) {
      creative = [...ad.childNodes].filter(
        (node) => node !== host && (node instanceof Element || (node.textContent || "").trim()),
      );
    }
    return isOther;
  }

  function mayRepair(): boolean {
    const now = performance.now();
    repairs = repairs.filter((time) => now - time < Limit.FORGET);
    if (isNew || repairs.length < Limit.REPAIRS) return repairs.push(now) > 0;
    if (!isTold) tellFailure("covered", ad);
    isTold = true;
    clearTimeout(retrying);
    retrying = later(Limit.FORGET, heed);
    return false;
  }

  /** What of the ad itself is where the icon should be seen; what the page lays over both may. */
  function findCover(): Element | null {
    const { left, top, width, height } = icon.getBoundingClientRect();
    const at = (tree: DocumentOrShadowRoot) =>
      tree.elementFromPoint(left + width / 2, top + height / 2);
    let found = at(ad.getRootNode() as Document);
    if (found === host || !ad.contains(found)) return null;
    for (let inner = found; inner;) {
      found = inner;
      inner = found.shadowRoot && at(found.shadowRoot);
      if (inner === found) break;
    }
    return found;
  }

  function look() {
    if (!ad.isConnected) {
      host.remove();
      owner.release();
      return;
    }
    if (isOtherCreative()) {
      repairs = [];
      owner.forget();
    }
    const wasKept = place.isKept();
    if (!wasKept && !mayRepair()) return;
    if (!wasKept) place.attach();
    const isShown = place.lay(level);
    // Nothing is seen of what is put into some elements, such as one with a shadow tree without a slot.
    if (isShown && !icon.getClientRects().length && !host.hasAttribute("beside")) {
      host.setAttribute("beside", "");
      place.attach();
      place.lay(level);
    }
    takeCorner(icon, host, corner, ad);
    const cover = findCover();
    if (cover && mayRepair()) {
      // In the layer of what covers it, and after it: above the ad, and below what is above the ad.
      for (let each = cover as Element | null; each && each !== around; each = parentOf(each)) {
        level = Math.max(level, +getComputedStyle(each).zIndex || 0);
      }
      place.attach();
      place.lay(level);
      takeCorner(icon, host, corner, ad);
    }
    isNew = false;
    watchSizes();
    changes.takeRecords(); // of what was done just now
  }

  // The first of some changes is looked at before it is painted, the others not that often.
  const heed = guarded(() => {
    if (heard++) return;
    gathering = later(Limit.GATHER, () => {
      const isDue = heard > 1;
      heard = 0;
      if (isDue) heed();
    });
    look();
  });

  /** Goes with the ad before the next frame, and once more in each while the ad is animated. */
  const follow = guarded(() => {
    if (place.isKept()) place.lay(level);
    if (host.hasAttribute("beside") && ad.getAnimations && ad.getAnimations().length) {
      requestAnimationFrame(follow);
    }
  });

  const changes = new MutationObserver((records) => {
    if (place.isKept() && records.every(({ target }) => target === host)) return;
    // Scripts write to the page's root in each frame; of that, some are enough.
    if (records.some(({ target }) => around.contains(target))) follow();
    heed();
  });
  changes.observe(ad, { attributes: true, childList: true, subtree: true });
  for (let each = parentOf(ad); each; each = parentOf(each)) {
    changes.observe(each, { attributes: true, childList: each === around });
  }
  const sizes = new ResizeObserver(() => {
    follow();
    heed();
  });
  const sights = new IntersectionObserver(heed);
  for (const observer of [sizes, sights]) {
    observer.observe(ad);
    observer.observe(icon);
  }

  /** The ad's parts push each other about, and with them the host behind them. */
  function watchSizes() {
    const present = around === ad ? [...ad.children] : [around];
    for (const each of sized) if (!present.includes(each)) sizes.unobserve(each);
    for (const each of present) if (!sized.includes(each) && each !== host) sizes.observe(each);
    sized = present;
  }

  const deafen = hear(
    MOVES,
    ({ target }) => {
      if (place.isLoose() || around.contains(target as Node)) follow();
    },
    document,
  );
  heed();

  return {
    look: guarded(look),
    end() {
      for (const observer of [changes, sizes, sights]) observer.disconnect();
      deafen();
      clearTimeout(gathering);
      clearTimeout(retrying);
    },
  };
}
