/**
 * The page's side of the tag: the global function, the calls that the stub queued before the tag
 * was there, and one console warning for a call that cannot be right.
 */
import { guarded } from "./guard";

/** Takes a call's arguments after its name, and throws where they cannot be right. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a page may call with anything
export type Command = (...given: any[]) => void;

/** The global function; `q` holds what was called before the tag came, `t` when the stub ran. */
export interface Stub {
  (...call: unknown[]): void;
  q: { push(call: Iterable<unknown>): unknown };
  /** Unix time in ms when the stub ran: the page has been seen since then. */
  t?: number;
}

/**
 * The stub that the snippet left, or a new one where the tag came without a snippet. What the page itself
 * has under the name is its own. Elements and frames of that name are not: they are there until something
 * else is (HTML, 7.2.2.3).
 */
export function findStub(): Stub {
  const globals = window as unknown as Record<string, Stub | undefined>;
  if (!globals[CONFIG.brand] || !window.hasOwnProperty(CONFIG.brand)) {
    globals[CONFIG.brand] = ((...call) => globals[CONFIG.brand]!.q.push(call)) as Stub;
    globals[CONFIG.brand]!.q = [] as unknown[];
  }
  return globals[CONFIG.brand]!;
}

/**
 * What was called until now. Throws where a tag answers this stub already, for it has no list any more:
 * pasted twice, the second tag leaves the page alone. And where the name is taken.
 */
export const takeCalls = (stub: Stub) => (stub.q as Iterable<unknown>[]).splice(0);

/** Runs what was queued, then every call as it comes. */
export function answer(
  stub: Stub,
  queued: Iterable<unknown>[],
  commands: Record<string, Command>,
): void {
  const push = guarded(([name, ...given]: Iterable<unknown>) => {
    try {
      commands[name as string]!(...given);
    } catch {
      console.warn(`${CONFIG.brand}: bad call:`, name, ...given);
    }
  });
  stub.q = { push };
  queued.forEach(push);
}
