/**
 * The consent APIs that this build obeys: what each permits, as soon as it says so and whenever it says
 * otherwise. One watch serves all three; what differs is how an answer is read.
 */
import { attempt, guarded, listen } from "../guard";
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
}

/** `hear` may be called before this returns, by an API that answers at once. */
export function watchConsent(hear: Hear): void {
  if (CONFIG.privacy.consent_tcf) {
    watch("tcf", "__tcfapi", "addEventListener", 2, Permit.NOTHING, readTcf, hear);
  }
  if (CONFIG.privacy.consent_gpp) {
    watch("gpp", "__gpp", "addEventListener", 0, Permit.ALL_BUT_ADS, readGpp, hear);
  }
  if (CONFIG.privacy.consent_usp) {
    const ask = watch("usp", "__uspapi", "getUSPData", 1, Permit.ALL_BUT_ADS, readUsp, hear);
    // It tells of no changes, and who makes one clicks something; the page has a second to note it.
    listen("click", () => setTimeout(guarded(ask), 1000));
  }
}

/**
 * Puts one question to an API as soon as there is one, and hears each of its answers, be they given at
 * once, twice, late or never. Returns what asks again.
 */
function watch(
  name: string,
  api: string,
  command: string,
  version: number,
  refused: number,
  read: (answer: never) => number,
  tell: Hear,
): () => unknown {
  let latest: number | undefined;

  function say(permits: number) {
    clearTimeout(clock);
    if (permits >= 0 && permits !== latest) tell(name, (latest = permits));
  }

  function hear(answer: unknown, success: unknown) {
    if (!success) return;
    // What cannot be read is a refusal.
    const said = attempt(read, answer as never) ?? refused;
    if (said !== Still.SILENT) say(said);
  }

  const ask = findApi(api, command, version, hear);

  function look(pause: number) {
    if (!attempt(ask) && pause < Milliseconds.LONGEST_PAUSE)
      setTimeout(guarded(look), pause, pause * 2);
  }

  // Silence is no word against what an earlier consent has stored: where it permits nothing, as that of
  // TCF, nothing is sent, and what is kept stays until somebody answers.
  const clock = setTimeout(
    guarded(() => refused && say(refused)),
    Milliseconds.WAIT,
  );
  look(Milliseconds.FIRST_PAUSE);
  return ask;
}
