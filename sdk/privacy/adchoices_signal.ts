/**
 * AdChoices Signal v1 (DAA): the visitor's preferences about ads, as their browser's extension
 * "Protect My Choices" gives them to scripts of the page, by messages that the page sends itself.
 */
import { attempt, listen } from "../guard";
import { type Decision, Permit } from "./decision";

interface Message {
  readonly type: unknown;
  readonly data: unknown;
}

/** Four bits, for everybody, a participant or a category. */
const enum Status {
  /** Expressly no tailored ads. */
  LIMIT = 0,
  ALLOW = 1,
  NO_PREFERENCE = 2,
}

/** Asks for the signal, and obeys it as often as it is given. Who has no such extension limits nothing. */
export function watchAdChoices(decision: Decision): void {
  const ask = () => postMessage({ type: "GetAdPreferences" }, "*");

  listen("message", (event) => {
    const { source, data } = event as MessageEvent<Message>;
    if (source !== window) return;
    if (data.type === "ExtensionLoaded") ask();
    if (data.type !== "AdPreferences") return;

    // What we cannot read limits, as it does where ads are served: a later version, a signal cut short.
    const isLimited = attempt(readSignal, data.data);
    if (isLimited !== undefined) decision.signals.adchoices = data.data as string;
    decision.hear("adchoices", isLimited === false ? Permit.ALL : Permit.ALL_BUT_ADS);
  });
  // An extension that was there before us has said so before we could hear it.
  ask();
}

/** Whether a signal limits us; throws at what is none. */
function readSignal(signal: unknown): boolean {
  // Its first character is the version.
  if (typeof signal !== "string" || !/^B[\w-]+$/.test(signal)) throw new TypeError();
  // Three characters more in front, and all but the last section begins with a byte.
  const bytes = atob(`AAA${signal.replace(/-/g, "+").replace(/_/g, "/")}A`);
  const pair = (at: number) => (bytes.charCodeAt(at) << 8) + bytes.charCodeAt(at + 1);
  // The status for everybody, and how many records of participants follow.
  const head = pair(7);
  const status = head >> 12;
  const end = 9 + 2 * (head & 0xfff);
  if (status > Status.NO_PREFERENCE || bytes.length !== end + 3 + 2 * (pair(end) >> 4))
    throw new RangeError();
  // By the specification a status for everybody leaves nothing to single participants, so of two that
  // differ the one that limits counts.
  let isLimited = status === Status.LIMIT;
  if (CONFIG.adchoices.participant) {
    for (let at = 9; at < end; at += 2) {
      const ours = pair(at) >> 4 === CONFIG.adchoices.participant ? pair(at) & 0xf : Status.ALLOW;
      isLimited ||= ours !== Status.ALLOW && ours !== Status.NO_PREFERENCE;
    }
  }
  return isLimited;
}
