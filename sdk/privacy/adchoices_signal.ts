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

const enum Status {
  /** Expressly no tailored ads. */
  LIMIT = 0,
  NO_PREFERENCE = 2,
}

/** Hears the signal as often as it is given, and keeps to the latest that was one. */
export function watchAdChoices(decision: Decision): void {
  const ask = () => postMessage({ type: "GetAdPreferences" }, "*");

  listen("message", (event) => {
    const { source, data: message } = event as MessageEvent<Message>;
    if (source !== window) return;
    if (message.type === "ExtensionLoaded") ask();
    if (message.type === "AdPreferences") {
      // Of what is no signal nothing is kept: reading it throws, which `listen` swallows.
      const permits = read(message.data);
      decision.adchoices = message.data;
      decision.hear("adchoices", permits);
    }
  });
  // An extension that was there before us has said so before we could hear it.
  ask();
}

/**
 * What a signal permits; throws where it is none. By the specification a status for everybody leaves
 * nothing to single ones, so of two that differ the one that limits counts.
 */
function read(signal: string): number {
  const base64 = signal.replace(/-/g, "+").replace(/_/g, "/");
  // Three characters more in front, and most fields begin with a byte; the last fills up the end.
  const bytes = atob(`AAA${base64}A`);
  // Four bits of a status and twelve of a count; or twelve whose status it is, and then that.
  const pair = (at: number) => (bytes.charCodeAt(at) << 8) + bytes.charCodeAt(at + 1);
  const status = pair(7) >> 12;
  const end = 9 + 2 * (pair(7) & 4095);
  const isSound =
    // The first character is the version.
    /^B[\w-]+$/.test(signal) &&
    status <= Status.NO_PREFERENCE &&
    bytes.length === end + 3 + 2 * (pair(end) >> 4);
  if (!isSound) throw Error(signal);
  let isLimited = status === Status.LIMIT;
  if (CONFIG.adchoices.participant) {
    const ours = CONFIG.adchoices.participant * 16 + Status.LIMIT;
    for (let at = 9; at < end; at += 2) isLimited ||= pair(at) === ours;
  }
  return isLimited ? Permit.ALL_BUT_ADS : Permit.ALL;
}
