/**
 * The signals as the stub reads them, before the tag is there. ES5, as the stub is; the forms of Do Not
 * Track that only older browsers gave are left to the tag, for those browsers have no `sendBeacon`.
 */
import type { Signals } from "./signals";

type Global = Navigator & { globalPrivacyControl?: boolean };

/**
 * What a beacon of the stub says; false where a signal that this build respects is set,
 * or consent must be asked for.
 */
export function readEarly(): Signals | false {
  return (
    !CONFIG.privacy.consent &&
    !(CONFIG.privacy.dnt === "respect" && navigator.doNotTrack === "1") &&
    !(CONFIG.privacy.gpc === "respect" && (navigator as Global).globalPrivacyControl) &&
    document.cookie.indexOf(CONFIG.brand + "_optout=1") < 0 && {
      dnt: navigator.doNotTrack === "1" ? "1" : null,
      gpc: CONFIG.privacy.gpc === "respect" ? null : !!(navigator as Global).globalPrivacyControl,
      optout: false,
    }
  );
}
