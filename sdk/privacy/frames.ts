/**
 * Where a consent API is: a function of this page, or of one further up that frames this page. The
 * latter has a frame named as the API's locator, and is asked by message.
 */
import { attempt, guarded, listen } from "../guard";

type Hear = (answer: unknown, success: unknown) => void;
type LocalApi = (...call: unknown[]) => unknown;
interface Answer {
  returnValue: unknown;
  success: unknown;
  callId: unknown;
}

export interface Api {
  /** Puts the question; true where that need not be repeated. Each answer is heard, one or many. */
  readonly ask: () => boolean;
  /** Whether whom we asked is still the one to ask: `gone` where nobody is, `another` where another is. */
  readonly look: () => "same" | "gone" | "another";
}

/** `version` is 0 where the API takes none. */
export function findApi(api: string, command: string, version: number, hear: Hear): Api {
  // Others in this window ask the same page, and its answers to them come by here too.
  const callId = CONFIG.brand + Math.random();
  const findLocal = () => (window as unknown as Record<string, LocalApi | undefined>)[api];
  const findFramed = () => findAbove(api + "Locator");
  /** Whom we asked last: a function, or a window. */
  let asked: LocalApi | Window | undefined;

  listen("message", (event) => {
    const { data, source } = event as MessageEvent<unknown>;
    if (!source || source !== asked) return;
    // What is of another shape throws, which `listen` swallows.
    const message = (typeof data === "string" ? JSON.parse(data) : data) as Record<string, unknown>;
    const answer = message[api + "Return"] as Answer;
    if (answer.callId === callId) hear(answer.returnValue, answer.success);
  });

  function ask() {
    const local = findLocal();
    if (local) {
      asked = local;
      // A platform that has taken over from a stub answers what the stub was asked. One that has taken
      // over from a platform is asked itself, and from then on alone is heard.
      const answer = guarded((given: unknown, success: unknown) => {
        if (asked === local) hear(given, success);
      });
      if (version) local(command, version, answer);
      else local(command, answer);
      return true;
    }
    const framed = findFramed();
    asked = framed;
    if (framed) framed.postMessage({ [api + "Call"]: { command, version, callId } }, "*");
    // The IAB's own stub (1.5.21) forgets who asked once it has returned, and answers no more.
    return false;
  }

  function look() {
    const found = findLocal() || findFramed();
    if (found) return found === asked ? "same" : "another";
    asked = undefined;
    return "gone";
  }

  return { ask, look };
}

/** The nearest window, this one included, that has a frame of this name. */
function findAbove(name: string, from: Window = window): Window | undefined {
  // A name that a window of another origin lacks may throw instead of being undefined.
  if (attempt(() => from.frames[name as unknown as number])) return from;
  return from === from.parent ? undefined : findAbove(name, from.parent);
}
