/** Single-page navigation: says when the document's address may have changed, and how. */
import { attempt, listen } from "../guard";
import type { Visit } from "./visit";

/**
 * Has `visit` look after each change, and tells it whether the history has another entry. The
 * Navigation API (HTML) tells of all; where it is missing, `history` does by a proxy: its name, length,
 * text and the wrappers of others, older and younger, remain what they were.
 */
export function watchRoutes(visit: Visit): void {
  const { navigation } = window as { navigation?: EventTarget & { currentEntry?: object } };
  // Pages have elements and variables of that name.
  if (navigation?.currentEntry) {
    listen(
      "currententrychange",
      (event) =>
        visit.route((event as Event & { navigationType?: string }).navigationType !== "replace"),
      navigation,
    );
    return;
  }
  if (CONFIG.measure.hash_routes) {
    const { length } = history;
    // A site that sends a loading page on to its first route, by the fragment, adds nothing to the history.
    listen("popstate", () =>
      visit.route(document.readyState === "complete" || history.length !== length),
    );
  } else listen("popstate", visit.route);
  for (const method of ["pushState", "replaceState"] as const) {
    attempt(() => {
      const owner = history.hasOwnProperty(method) ? history : History.prototype;
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on what it was called on
      owner[method] = new Proxy(owner[method], {
        apply(target, self: History, given) {
          target.apply(self, given as [unknown, string]);
          attempt(visit.route, method === "pushState");
        },
      });
    });
  }
}
