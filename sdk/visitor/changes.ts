/** Being told of another tab's, a banner's or the visitor's changes to cookies, where the browser tells. */
import type { Sender } from "../beacon/wire";
import { later, listen } from "../guard";

const enum Milliseconds {
  /** Until the start is over: to subscribe takes the browser time. */
  SETTLE = 1000,
}

/**
 * Whatever is sent looks by itself. Only what the browser holds for us (`fetchLater`) would say what is
 * no longer so, and whoever has that has the Cookie Store API (WHATWG) as well: `replace` packs it anew.
 */
export function watchCookies(sender: Sender, replace: () => void): void {
  const { cookieStore } = window as { cookieStore?: EventTarget };
  if (!cookieStore) return;
  later(Milliseconds.SETTLE, () =>
    listen(
      "change",
      () => {
        const { visitor } = sender;
        sender.refresh();
        if (visitor !== sender.visitor) replace();
      },
      cookieStore,
    ),
  );
}
