/** The opt-out in place, and what the choices origin then reads of this browser. */
import { later } from "../guard";

const enum Milliseconds {
  PATIENCE = 9000,
}

/** Asks for the opt-out; whether it holds, only reading tells. */
export async function optOut(): Promise<boolean> {
  await ask("optout", "POST");
  return isOptedOut();
}

/**
 * Whether the opt-out cookie came with a request from here. Where the browser blocks or partitions
 * third-party cookies, false does not tell what was chosen on the choices page itself.
 */
export async function isOptedOut(): Promise<boolean> {
  return (await ask("status", "GET")).optout === true;
}

/** A request that CORS lets pass without preflight. Rejects when there is no answer. */
async function ask(path: string, method: string): Promise<{ optout?: boolean }> {
  const control = new AbortController();
  later(Milliseconds.PATIENCE, () => control.abort());
  const answer = await fetch(new URL(path, CONFIG.adchoices.choices).href, {
    method,
    credentials: "include",
    headers: { Accept: "application/json" },
    signal: control.signal,
  });
  return answer.json() as Promise<{ optout?: boolean }>;
}
