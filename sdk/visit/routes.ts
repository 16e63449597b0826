/** Single-page navigation: says when the document's address may have changed, and how. */
import { attempt, later, listen, outside } from "../guard";
import type { Visit } from "./visit";

/** As the Navigation API (HTML, 7.2.6) names it; a "traverse" is the browser's own doing. */
export type Route = "push" | "reload" | "replace" | "traverse";

interface NavigationApi extends EventTarget {
  readonly currentEntry?: { readonly key: string };
  /** What the document was opened with (HTML, 7.2.6.7): Chrome 123, Firefox 147, Safari 26.2. */
  readonly activation: { readonly entry: { readonly key: string } };
}

// Pages have elements and variables of that name.
const findNavigation = () => (window as { navigation?: NavigationApi }).navigation;

/** Whether a route has been taken before the tag was there; undefined where the browser does not tell. */
export const hasLeftFirstPage = (): boolean | undefined =>
  attempt(() => findNavigation()!.activation.entry.key !== findNavigation()!.currentEntry!.key) ??
  // With one entry in its history, a tab has been redirected.
  (history.length > 1 ? undefined : false);

/**
 * Has `visit` look after each change. The Navigation API tells of all; where it is missing, `history` does by
 * a proxy: its name, length, text and the wrappers of others, older and younger, remain what they were.
 */
export function watchRoutes(visit: Visit): void {
  const navigation = findNavigation();
  if (navigation?.currentEntry) watchNavigation(visit, navigation);
  else watchHistory(visit);
}

function watchNavigation(visit: Visit, navigation: NavigationApi) {
  let isByFragment = false;
  // `location.replace("#/b")` goes to another page; `history.replaceState` says where this one is.
  if (CONFIG.measure.hash_routes)
    listen(
      "navigate",
      (event) => {
        isByFragment = (event as Event & { hashChange: boolean }).hashChange;
      },
      navigation,
    );
  listen(
    "currententrychange",
    (event) => {
      const type = (event as Event & { navigationType: Route }).navigationType;
      visit.route(isByFragment && document.readyState === "complete" ? "push" : type);
    },
    navigation,
  );
}

function watchHistory(visit: Visit) {
  if (CONFIG.measure.hash_routes) {
    const { length } = history;
    // A site that sends a loading page on to its first route, by the fragment, adds nothing to the history.
    listen("popstate", () =>
      visit.route(
        document.readyState === "complete" || history.length !== length ? "traverse" : "replace",
      ),
    );
  } else listen("popstate", () => visit.route("traverse"));
  let isPushing = false;
  for (const method of ["pushState", "replaceState"] as const) {
    attempt(() => {
      const owner = history.hasOwnProperty(method) ? history : History.prototype;
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on what it was called on
      owner[method] = new Proxy(owner[method], {
        apply(target, self: History, given) {
          // Another's wrapper may tidy what is pushed from inside of the call.
          const isWithin = isPushing;
          isPushing ||= method === "pushState";
          try {
            target.apply(self, given as [unknown, string]);
          } finally {
            attempt(visit.route, isPushing ? "push" : "replace");
            isPushing = isWithin;
          }
        },
      });
    });
  }
  // A router that took its `pushState` before the tag came calls none of ours. So the address is compared once
  // a click or a key has been handled, and when something happens anyway.
  const look = () => visit.route("push");
  listen("click keyup", () => void outside(() => later(0, look)));
  listen("pointermove scroll load", look);
}
