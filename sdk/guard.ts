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

/** Listens without ever holding the page up; capturing, so that nobody's stopPropagation hides it. */
export function listen(
  target: EventTarget,
  types: string,
  handle: (event: Event) => unknown,
): void {
  for (const type of types.split(" ")) {
    target.addEventListener(type, guarded(handle), { capture: true, passive: true });
  }
}
