/** The opt-out in place, and what the choices origin then reads of this browser. */
import { ask } from "./origin";

const enum Milliseconds {
  PATIENCE = 9000,
}

/** Asks for the opt-out; whether it holds, only reading tells. */
export async function optOut(): Promise<boolean> {
  await askOrigin("optout", "POST");
  return isOptedOut();
}

/**
 * Whether the opt-out cookie came with a request from here. Where the browser blocks or partitions
 * third-party cookies, false does not tell what was chosen on the choices page itself.
 */
export async function isOptedOut(): Promise<boolean> {
  return (await askOrigin("status", "GET")).optout === true;
}

const askOrigin = (path: string, method: string) =>
  ask(new URL(path, CONFIG.adchoices.choices), method, Milliseconds.PATIENCE);
