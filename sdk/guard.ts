/**
 * The tag is a guest: whatever a page has removed, frozen or replaced, no error of ours reaches it.
 */

/**
 * What `run` returns, or undefined where the page or the browser makes it throw. That is for what is rare:
 * to word an error takes Chromium half a millisecond, in a start that has five.
 */
export function attempt<Arguments extends unknown[], Result>(
  run: (...given: Arguments) => Result,
  ...given: Arguments
): Result | undefined {
  try {
    return run(...given);
  } catch {
    // The page goes on as if we were not there.
  }
}

/** `run`, with every exception swallowed: for listeners and calls that the page enters us by. */
export const guarded =
  <Arguments extends unknown[]>(run: (...given: Arguments) => unknown) =>
  (...given: Arguments): void =>
    void attempt(run, ...given);

/**
 * Listens without ever holding the page up. At the window and capturing, an event of the document comes
 * by as well, and nobody's stopPropagation hides it.
 */
export function listen(
  types: string,
  handle: (event: Event) => unknown,
  target: EventTarget = window,
): void {
  for (const type of types.split(" ")) {
    target.addEventListener(type, guarded(handle), { capture: true, passive: true });
  }
}

/**
 * Runs soon, outside of whatever the caller is in. zone.js and its like count the timers and requests that
 * are begun in an application's context, and take the application for busy until they end. After an `await`
 * no context is left, whichever script was there first: it needs neither the page's Promise nor its `then`
 * (ECMAScript, 27.7.5.3).
 */
export async function outside(run: () => unknown): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/await-thenable -- only to be called by the browser
  await 0;
  attempt(run);
}

/** Runs once, `pause` milliseconds from now; returns what `clearTimeout` takes. */
export const later = (pause: number, run: () => unknown): number => setTimeout(guarded(run), pause);
