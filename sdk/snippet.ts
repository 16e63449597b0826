/**
 * Entry: the stub that a client pastes. It queues calls, loads the tag without holding the page up, and
 * stands in for it while it is not there: keeps an opt-out, answers questions, tells one view on leaving.
 * ES5, for it must parse wherever the page does. What only the tag can clean is not told at all.
 */
import type { Stub } from "./calls";

type Global = Navigator & { globalPrivacyControl?: boolean };
type Callback = (answer: object | null) => void;

interface Maker {
  createElement(name: "script"): HTMLScriptElement;
}

/** Trusted Types (W3C), as far as the stub needs them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(ignored: string): string };
}

/** Milliseconds until a question that no tag has taken up is answered: nobody is here. */
var PATIENCE = 4000;
/** Of the calls that are told. Together they stay below the 64 KiB that all requests at leaving share. */
var MOST_CALLS = 400;
/** Seconds, more than the five years and two days that the DAA asks for. */
var OPT_OUT = 2e8;
/**
 * What may be personal: other characters than those of plain words, capitals within a word, digits beside
 * letters, in groups or in long rows, and whatever is long.
 */
var PERSONAL = /[^\w "'{}:,/-]|\B[A-Z]|[a-z_]\d|\d{4}|\d[,:/ -]\w|\w{13}|\/\/|.{120}/;

var page = document;
var own = page.currentScript;
// Not `Date.now()`, which Datejs made a Date.
var at = +new Date();
var types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
var taken = (window as unknown as Record<string, unknown>)[CONFIG.brand];
var queue: IArguments[] = [];
var stub = function (command: string, callback: Callback) {
  var call = arguments;
  stub.q.push(call);
  // A tag that is there has emptied the queue, and does all this itself.
  if (queue[0])
    try {
      if (/^opt(in|out)$/.test(command)) keepChoice(command);
      if (typeof callback === "function") setTimeout(answer, PATIENCE, call, callback);
    } catch (refused) {
      // The page has no cookies, or calls with what no text can be made of.
    }
} as Stub;
var hasOptedOut: boolean;
var script: HTMLScriptElement;

/** For this host alone, as only the tag finds the domain; it takes over what it finds. */
function keepChoice(command: string) {
  hasOptedOut = command === "optout";
  page.cookie =
    CONFIG.brand + "_optout=1;path=/;samesite=lax;secure;max-age=" + (hasOptedOut ? OPT_OUT : 0);
}

/** Says for a tag that does not come that nobody is here and nothing permitted. */
function answer(call: IArguments, callback: Callback) {
  if (!queue[0]) return;
  // So that a tag which comes after all does not answer again.
  call[1] = address;
  try {
    callback(call[0] === "explain" ? { rule: "stub", signals: {}, rules: [] } : null);
  } catch (theirs) {
    // The page's own error stays out of its console, as with the tag.
  }
}

/** A title, or an address without parameters, as far as it is harmless; of an address at least the origin. */
function clean(text: string) {
  var parts = /^(https?:\/\/[\w.:-]+\/|[a-z]{4,5}:|)([^?#]*)/.exec(text)!;
  return parts[1]! + (PERSONAL.test(parts[2]!) ? "" : parts[2]!);
}

function tell() {
  // As `signals.ts`, but for the forms of Do Not Track that only browsers without beacons gave.
  if (
    (CONFIG.privacy.dnt === "respect" && +navigator.doNotTrack!) ||
    (CONFIG.privacy.gpc === "respect" && (navigator as Global).globalPrivacyControl) ||
    hasOptedOut ||
    page.cookie.match(CONFIG.brand + "_optout=1")
  )
    return;
  // Where the tag is there, `q` is no list and this throws.
  var calls = (stub.q as IArguments[]).splice(0);
  var beacon: { calls?: IArguments[] } & Record<string, unknown> = {
    v: 1,
    site: CONFIG.site,
    visitor: null,
    rule: "stub",
    signals: {
      dnt: +navigator.doNotTrack! ? "1" : null,
      gpc: CONFIG.privacy.gpc === "respect" ? null : !!(navigator as Global).globalPrivacyControl,
      optout: false,
    },
    page: {
      id: "" + Math.random(),
      url: clean(location.href),
      referrer: clean(page.referrer),
      title: clean(page.title),
      at: at,
    },
    events: [{ seq: 0, type: "view", at: at, navigation: "navigate" }],
  };
  send(beacon);
  // The view again with them: who stores beacons drops what is repeated.
  beacon.calls = calls.filter(isHarmless).slice(0, MOST_CALLS);
  if (beacon.calls[0]) send(beacon);
}

function isHarmless(call: IArguments) {
  try {
    return !PERSONAL.test(JSON.stringify(call));
  } catch (none) {
    // It is no JSON.
  }
}

/** Not by `sendBeacon`, which tells the whole address as referrer where the page's policy is lax. */
function send(beacon: object) {
  fetch(CONFIG.collector + "/events", {
    method: "POST",
    // Then a header that a monitor of the page's adds asks for no preflight (Fetch, 5.4).
    mode: "no-cors",
    keepalive: true,
    referrerPolicy: "origin",
    body: JSON.stringify(beacon),
  }).catch(address);
}

/** The tag's, whatever it is asked: so a policy made of it lets no other address pass, whoever gets hold of it. */
function address() {
  return CONFIG.script;
}

try {
  // What the page itself has under the name is its own. Elements and frames of that name are not: they are
  // there until something else is (HTML, 7.2.2.3).
  if (!taken || !window.hasOwnProperty(CONFIG.brand)) {
    (window as unknown as Record<string, Stub>)[CONFIG.brand] = stub;
    stub.q = queue;
    stub.t = at;
    if (!CONFIG.privacy.consent)
      addEventListener("pagehide", function () {
        try {
          tell();
        } catch (untold) {
          // The tag is there, or the page has no fetch.
        }
      });
    // Not `page.createElement`, which an image of that name hides (HTML, 3.1.5).
    script = (Document.prototype as Maker).createElement.call(page, "script");
    // A script that a script has made loads without holding the page up, also without `async`.
    if (own) script.nonce = own.nonce;
    if (CONFIG.integrity) {
      script.integrity = CONFIG.integrity;
      script.crossOrigin = "anonymous";
    }
    script.src = types
      ? types.createPolicy(CONFIG.brand, { createScriptURL: address }).createScriptURL("")
      : address();
    (page.head || page.documentElement).appendChild(script);
  }
} catch (refused) {
  // A page that allows no such policy, or no script of ours, goes on without the tag.
}
