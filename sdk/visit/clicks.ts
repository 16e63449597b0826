/** Clicks that leave the site: outbound links and downloads, however they are made. */
import { listen } from "../guard";
import { cleanAddress } from "./address";

export interface Click {
  readonly type: "click";
  readonly kind: "outbound" | "download";
  readonly href: string;
}

const FILE = /\.(pdf|zip|gz|7z|dmg|exe|docx?|xlsx?|pptx?|csv|mp[34])$/i;

/** The keyboard makes clicks as well, the middle button an auxclick; the navigation is not touched. */
export function watchClicks(record: (click: Click) => void): void {
  listen("click auxclick", (event) => {
    if ((event as MouseEvent).button > 1) return;
    // composedPath, for a click inside a shadow tree has its host as target.
    const link = (event.composedPath() as HTMLAnchorElement[]).find(
      (node) => /^https?:/.test(node.protocol) && node.href,
    );
    if (!link) return;
    const isDownload = link.hasAttribute("download") || FILE.test(link.pathname);
    const kind = isDownload ? "download" : link.host !== location.host && "outbound";
    if (kind) record({ type: "click", kind, href: cleanAddress(link.href) });
  });
}
