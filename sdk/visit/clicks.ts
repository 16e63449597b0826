/** Clicks that leave the site: outbound links and downloads, however they are made. */
import { listen } from "../guard";
import { cleanAddress } from "./address";
import type { Visit } from "./visit";

export interface Click {
  readonly type: "click";
  readonly kind: "outbound" | "download";
  readonly href: string;
}

/** Links as HTML and SVG have them. SVG's `href` is no text (SVG 2, 4.6.5), and may be relative. */
type Link = Element & { href: string | SVGAnimatedString };

/** The keyboard makes clicks as well, the middle button an auxclick; the navigation is not touched. */
export function watchClicks(visit: Visit): void {
  listen("click auxclick", (event) => {
    if ((event as MouseEvent).button > 1) return;
    // composedPath, for a click inside a shadow tree has its host as target.
    const link = (event.composedPath() as Link[]).find(
      (node) => /^a(rea)?$/.test(node.localName) && node.href,
    );
    if (!link) return;
    const url = new URL(
      (link.href as SVGAnimatedString).baseVal || (link.href as string),
      link.baseURI,
    );
    if (!/^https?:/.test(url.protocol)) return;
    const kind =
      link.hasAttribute("download") ||
      /\.(pdf|zip|gz|7z|dmg|exe|csv|mp[34]|(doc|xls|ppt)x?)$/i.test(url.pathname)
        ? "download"
        : url.host !== location.host && "outbound";
    if (kind) visit.record({ type: "click", kind, href: cleanAddress(url.href) });
  });
}
