/**
 * The consent APIs that this build obeys: what each permits, as soon as it says so and whenever it says
 * otherwise. One watch serves all three; what differs is how an answer is read.
 */
import { attempt, later, listen } from "../guard";
import { Still } from "./answer";
import { findApi } from "./frames";
import { readGpp } from "./gpp";
import { Permit } from "./decision";
import { readTcf } from "./tcf";
import { readUsp } from "./usp";

/** Hears that the API of that name (`tcf`, `gpp`, `usp`) permits this from now on. */
type Hear = (name: string, permits: number) => void;

const enum Milliseconds {
  /**
   * Until silence is a refusal. Whoever has an answer from an earlier page gives it as soon as its script
   * is there, a script like ours; a longer wait would lose the views of all who stay shorter, a short
   * one harms nobody, for an answer that comes later still counts.
   */
  WAIT = 2000,
  /** Until the API is looked for again, at first; then twice as long each time. */
  FIRST_PAUSE = 50,
  LONGEST_PAUSE = 60000,
  /** That a page has after a click to note a choice. */
  NOTE = 1000,
}

/** The command to be told of each change. */
const LISTEN = "addEventListener";

/** `hear` may be called before this returns, by an API that answers at once. */
export function watchConsent(hear: Hear): void {
  if (CONFIG.privacy.consent_tcf) {
    watch("tcf", "__tcfapi", LISTEN, 2, Permit.NOTHING, readTcf, hear);
  }
  if (CONFIG.privacy.consent_gpp) {
    watch("gpp", "__gpp", LISTEN, 0, Permit.ALL_BUT_ADS, readGpp, hear);
  }
  if (CONFIG.privacy.consent_usp) {
    watch("usp", "__uspapi", "getUSPData", 1, Permit.ALL_BUT_ADS, readUsp, hear);
  }
}

/** Puts one question to an API as soon as there is one, and hears each answer, be there one or many. */
function watch(
  name: string,
  apiName: string,
  command: string,
  version: number,
  refused: number,
  read: (answer: never) => number,
  tell: Hear,
): void {
  let latest: number | undefined;
  let clock: number;

  function say(permits: number) {
    clearTimeout(clock);
    if (permits >= 0 && permits !== latest) tell(name, (latest = permits));
  }

  function hear(answer: unknown, success: unknown) {
    if (success === true) {
      // What cannot be read is a refusal.
      const said = attempt(read, answer as never) ?? refused;
      if (said !== Still.SILENT) say(said);
    } else if (latest !== undefined) say(refused); // before an answer, an error is silence
  }

  const api = findApi(apiName, command, version, hear);

  function search(pause: number) {
    if (!attempt(api.ask) && pause < Milliseconds.LONGEST_PAUSE)
      later(pause, () => search(pause * 2));
  }

  function wait() {
    clearTimeout(clock);
    clock = later(Milliseconds.WAIT, () => {
      // Silence is no word against what an earlier consent has stored: where it permits nothing, as that
      // of TCF, nothing is sent, and what is kept stays until somebody answers.
      if (refused || latest !== undefined) say(refused);
    });
  }

  /** No API tells of its end, nor does USP of a change. */
  function lookAgain() {
    const found = api.look();
    if (found === "gone" && latest !== undefined) say(refused);
    if (found === "another") {
      wait();
      search(Milliseconds.FIRST_PAUSE);
    } else if (found === "same" && command !== LISTEN) attempt(api.ask);
  }

  wait();
  search(Milliseconds.FIRST_PAUSE);
  // Whoever changes a choice clicks something, here or in another tab, and the page needs a moment to
  // note it.
  listen("click pageshow visibilitychange", () => later(Milliseconds.NOTE, lookAgain));
}
