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

/**
 * Returns what asks: true where that need not be repeated. `version` is 0 where the API takes none. Each answer is heard, be there one or many.
 */
export function findApi(api: string, command: string, version: number, hear: Hear): () => boolean {
  // Others in this window ask the same page, and its answers to them come by here too.
  const callId = CONFIG.brand + Math.random();
  let above: Window | undefined;

  listen("message", (event) => {
    const { data, source } = event as MessageEvent<unknown>;
    if (source !== above) return;
    // What is of another shape throws, which `listen` swallows.
    const message = (typeof data === "string" ? JSON.parse(data) : data) as Record<string, unknown>;
    const answer = message[api + "Return"] as Answer;
    if (answer.callId === callId) hear(answer.returnValue, answer.success);
  });

  return () => {
    const local = (window as unknown as Record<string, LocalApi | undefined>)[api];
    if (local) {
      if (version) local(command, version, guarded(hear));
      else local(command, guarded(hear));
      return true;
    }
    above = findAbove(api + "Locator");
    if (above) above.postMessage({ [api + "Call"]: { command, version, callId } }, "*");
    // The IAB's own stub (1.5.21) forgets who asked once it has returned, and answers no more.
    return false;
  };
}

/** The nearest window, this one included, that has a frame of this name. */
function findAbove(name: string, from: Window = window): Window | undefined {
  // A name that a window of another origin lacks may throw instead of being undefined.
  if (attempt(() => from.frames[name as unknown as number])) return from;
  return from === from.parent ? undefined : findAbove(name, from.parent);
}
