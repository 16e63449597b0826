/**
 * The privacy signals that the browser and the visitor give. No other file of the tag reads them; the
 * stub, which stands in for it, reads those that it needs by itself, for want of bytes.
 */
import { attempt } from "../guard";

export interface Signals {
  /** Do Not Track: "1" on, "0" expressly off, null unset. */
  readonly dnt: "1" | "0" | null;
  /** Global Privacy Control, or null where the browser does not know it. */
  readonly gpc: boolean | null;
  /** True where the visitor has opted out. */
  optout: boolean;
  /** The AdChoices Signal where a build hears it, for the page alone; null until one has come. */
  adchoices?: string | null;
}

type Global = Navigator & { globalPrivacyControl?: boolean };

/** Where browsers have put Do Not Track over the years. */
interface Historical {
  readonly doNotTrack?: unknown;
  readonly msDoNotTrack?: unknown;
}

export function readSignals(): Omit<Signals, "optout"> {
  return {
    dnt: attempt(() => readDoNotTrack()) || null,
    gpc: attempt(() => (navigator as Global).globalPrivacyControl) ?? null,
  };
}

/**
 * The standard's property (its first character counts, more may follow), Firefox's "yes" and "no"
 * before version 32, the window's own in old Safari and IE 11, and IE 9's. Where they differ, the
 * visitor who asked anywhere is heard.
 */
function readDoNotTrack(): "1" | "0" | false {
  const said = [
    navigator.doNotTrack,
    (window as Historical).doNotTrack,
    (navigator as Historical).msDoNotTrack,
  ] as unknown as string; // as which a regular expression reads it, with commas between
  return /\b[1y]/.test(said) ? "1" : /\b[0n]/.test(said) && "0";
}
