/**
 * Entry: the stub that a client pastes. It queues calls until the tag is there, loads the tag without
 * holding the page up, and stands in for it where it never comes. ES5, for it must parse wherever the
 * page does; one scope, for every byte stands in every page. Where a signal that this build respects is
 * set, or consent must be asked for, only the tag can tell what may be sent, and the stub is silent.
 */
import type { Stub } from "./calls";

type Global = Navigator & { globalPrivacyControl?: boolean };

/** Trusted Types (W3C), as far as the stub needs them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

var page = document;
var own = page.currentScript;
var script: HTMLScriptElement;
var body: string;
var types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
// Not `Date.now()`, which Datejs made a Date.
var at = +new Date();
var url = CONFIG.script;
var stub = (window as unknown as Record<string, Stub>)[CONFIG.brand]!;
// What else a page has under the name is its own, but for elements with that id (HTML, 7.2.2.3).
if (!stub || (stub as Partial<Node>).nodeType) {
  stub = (window as unknown as Record<string, Stub>)[CONFIG.brand] = function () {
    stub.q.push(arguments);
  } as Stub;
  stub.q = [];
  stub.t = at;
  try {
    if (!CONFIG.privacy.consent)
      addEventListener("pagehide", function () {
        try {
          // Read here, for a function of its own would be twenty bytes more in every page. As
          // `signals.ts`, but for the forms of Do Not Track that only browsers without beacons gave.
          if (
            !(CONFIG.privacy.dnt === "respect" && +navigator.doNotTrack!) &&
            !(CONFIG.privacy.gpc === "respect" && (navigator as Global).globalPrivacyControl) &&
            !page.cookie.match(CONFIG.brand + "_optout=1")
          ) {
            body = JSON.stringify({
              v: 1,
              site: CONFIG.site,
              visitor: null,
              rule: "stub",
              signals: {
                dnt: +navigator.doNotTrack! ? "1" : null,
                gpc:
                  CONFIG.privacy.gpc === "respect"
                    ? null
                    : !!(navigator as Global).globalPrivacyControl,
                optout: false,
              },
              page: {
                id: "" + Math.random(),
                // Without parameters: which of them may leave the page, only the tag knows.
                url: location.href.split(/[?#]/)[0],
                referrer: page.referrer.split(/[?#]/)[0],
                title: page.title,
                at: at,
              },
              events: [{ seq: 0, type: "view", at: at, navigation: "navigate" }],
              // A list still: the tag was blocked, or slower than the visitor, so this is all that will be
              // told. Where the tag answers there is none, and this throws.
              calls: (stub.q as unknown[]).splice(0),
            });
            // What may hold an e-mail address or a token stays: only the tag can tell the rest without it.
            if (!/@|%\d*40|\d[a-z]+-?\d+[a-z]/i.test(body))
              navigator.sendBeacon(CONFIG.collector + "/events", body);
          }
        } catch (untold) {
          // The tag is there, a call is no JSON, or the page has no beacons.
        }
      });
    script = page.createElement("script");
    // A script that a script has made loads without holding the page up, also without `async`.
    if (own) script.nonce = own.nonce;
    if (CONFIG.integrity) {
      script.integrity = CONFIG.integrity;
      script.crossOrigin = "anonymous";
    }
    // The policy lets any address pass, and is handed to nobody.
    script.src = types
      ? types.createPolicy(CONFIG.brand, { createScriptURL: String }).createScriptURL(url)
      : url;
    page.head.appendChild(script);
  } catch (refused) {
    // A page that allows no such policy, or no script of ours, goes on without the tag.
  }
}
