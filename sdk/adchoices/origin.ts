/** Asks the choices origin, which alone knows what it keeps in this browser. */
import { later } from "../guard";

/** What it may say: to every page whether the opt-out came, to its own whether an identifier did. */
export interface Answer {
  readonly optout?: boolean;
  readonly identifier?: boolean;
}

/**
 * A request that CORS lets pass without preflight. Rejects when no JSON comes within `patience`
 * milliseconds.
 */
export async function ask(
  address: URL | string,
  method: string,
  patience: number,
): Promise<Answer> {
  const control = new AbortController();
  later(patience, () => control.abort());
  const answer = await fetch(address, {
    method,
    credentials: "include",
    // Which page asks is not its business, whatever policy that page has.
    referrerPolicy: "origin",
    headers: { Accept: "application/json" },
    signal: control.signal,
  });
  return answer.json() as Promise<Answer>;
}
