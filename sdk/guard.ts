/**
 * The tag is a guest: whatever a page has removed, frozen or replaced, no error of ours reaches it.
 */

/** `run`, with every exception swallowed: for listeners and calls that the page enters us by. */
export function guarded<Arguments extends unknown[]>(
  run: (...given: Arguments) => unknown,
): (...given: Arguments) => void {
  return (...given) => {
    attempt(() => run(...given));
  };
}

/** What `read` returns, or undefined where the page or the browser makes it throw. */
export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

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

/** Runs once, `pause` milliseconds from now; returns what `clearTimeout` takes. */
export function later(pause: number, run: () => unknown): number {
  return setTimeout(guarded(run), pause);
}
