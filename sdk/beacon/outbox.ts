/** Beacons on their way: one at a time, again after a failure, and none forgotten when the page goes. */
import { later } from "../guard";
import { entrust, post } from "./roads";
import { Beacons, keepUnsent, takeUnsent } from "./unsent";

export interface Outbox {
  /** Sends `body`, if any, after those before it. */
  add(body: string): void;
  /** The page may be going: what waits, `body` last, is given to the browser or kept for the next page. */
  leave(body: string): void;
  /** The page is there (again): what is kept is taken up. */
  resume(): void;
}

const enum Milliseconds {
  /** Until the first repeat; each further one waits twice as long. */
  FIRST_PAUSE = 2000,
  LONGEST_PAUSE = 3600000,
}

/** `mayKeep`: whether the visitor's storage may be used. */
export function openOutbox(mayKeep: boolean): Outbox {
  let waiting: string[] = [];
  let travelling: string | undefined;
  let failures = 0;
  let pause = 0;

  async function next(): Promise<void> {
    if (pause) keep(waiting);
    if (pause || travelling || !(travelling = waiting.shift())) return;
    if (await post(travelling)) failures = 0;
    else {
      waiting.unshift(travelling);
      pause = later(
        Math.min(Milliseconds.LONGEST_PAUSE, Milliseconds.FIRST_PAUSE * 2 ** failures++),
        resume,
      );
    }
    travelling = "";
    return next();
  }

  function keep(bodies: string[]) {
    waiting = bodies.length && mayKeep && keepUnsent(bodies) ? [] : bodies.slice(-Beacons.MOST);
  }

  function resume() {
    clearTimeout(pause);
    pause = 0;
    if (mayKeep) waiting = takeUnsent().concat(waiting);
    void next();
  }

  function add(body: string) {
    if (body) waiting.push(body);
  }

  return {
    add(body) {
      add(body);
      void next();
    },
    leave(body) {
      const isDown = failures || !navigator.onLine;
      if (isDown && travelling) waiting.unshift(travelling);
      add(body);
      const left = waiting.filter((body) => isDown || !entrust(body));
      // One more road, whose end this page may not see; so it is kept as well, and perhaps sent twice.
      if (!isDown) left.forEach((body) => void post(body));
      keep(left);
    },
    resume,
  };
}
