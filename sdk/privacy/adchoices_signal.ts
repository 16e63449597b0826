/**
 * AdChoices Signal v1 (DAA): the visitor's preferences about ads, as their browser's extension
 * "Protect My Choices" gives them to scripts of the page, by messages that the page sends itself.
 */
import { listen } from "../guard";
import { type Decision, Permit } from "./decision";

interface Message {
  readonly type: unknown;
  readonly data: string;
}

/** A status, four bits, where twelve others follow it. */
const enum Status {
  /** Expressly no tailored ads. */
  LIMIT = 0,
  ALLOW = 0x1000,
  NONE = 0x3000,
}

/** Hears the signal as often as it is given, and keeps to the latest that was one. */
export function watchAdChoices(decision: Decision): void {
  const ask = () => postMessage({ type: "GetAdPreferences" }, "*");

  listen("message", (event) => {
    const {
      source,
      data: { type, data: signal },
    } = event as MessageEvent<Message>;
    if (source !== window) return;
    if (type === "ExtensionLoaded") ask();
    if (type !== "AdPreferences") return;

    // Three characters more in front, and all but the last section begins with a byte. What is no
    // base64 throws, which `listen` swallows.
    const bytes = atob(`AAA${signal.replace(/-/g, "+").replace(/_/g, "/")}A`);
    const pair = (at: number) => (bytes.charCodeAt(at) << 8) + bytes.charCodeAt(at + 1);
    // The status for everybody, and how many records of participants follow.
    const head = pair(7);
    const end = 9 + 2 * (head & 0xfff);
    const isSignal =
      // Its first character is the version.
      /^B[\w-]+$/.test(signal) &&
      head < Status.NONE &&
      bytes.length === end + 3 + 2 * (pair(end) >> 4);
    // By the specification a status for everybody leaves nothing to single participants, so of two
    // that differ the one that limits counts.
    let isLimited = head < Status.ALLOW;
    if (CONFIG.adchoices.participant) {
      const ours = CONFIG.adchoices.participant * 16 + Status.LIMIT;
      for (let at = 9; at < end; at += 2) isLimited ||= pair(at) === ours;
    }
    if (isSignal) {
      decision.signals.adchoices = signal;
      decision.hear("adchoices", isLimited ? Permit.ALL_BUT_ADS : Permit.ALL);
    }
  });
  // An extension that was there before us has said so before we could hear it.
  ask();
}
