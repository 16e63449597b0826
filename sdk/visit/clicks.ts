/** Clicks that leave the site: outbound links and downloads, however they are made. */
import { listen } from "../guard";
import { cleanAddress } from "./address";
import type { Visit } from "./visit";

export interface Click {
  readonly type: "click";
  readonly kind: "outbound" | "download";
  readonly href: string;
}

/** The keyboard makes clicks as well, the middle button an auxclick; the navigation is not touched. */
export function watchClicks(visit: Visit): void {
  listen("click auxclick", (event) => {
    const link =
      (event as MouseEvent).button < 2 &&
      // composedPath, for a click inside a shadow tree has its host as target.
      (event.composedPath() as HTMLAnchorElement[]).find((node) => /^https?:/.test(node.protocol));
    const kind =
      link &&
      ((link.attributes as Partial<Record<"download", Attr>>).download ||
      /\.(pdf|zip|gz|7z|dmg|exe|csv|mp[34]|(doc|xls|ppt)x?)$/i.test(link.pathname)
        ? "download"
        : link.host !== location.host && "outbound");
    if (kind) visit.record({ type: "click", kind, href: cleanAddress(link.href) });
  });
}
