/** Beacons on their way: one at a time, again after a failure, and none forgotten when the page goes. */
import { attempt, later } from "../guard";
import { Permit } from "../privacy/decision";
import { entrust, post, postpone } from "./roads";
import { Beacons, keepUnsent, takeUnsent } from "./unsent";
import type { Batch, Sender } from "./wire";

export interface Outbox {
  /** Sends `batch` after those before it, once the visitor allows it. */
  readonly add: (batch: Batch) => void;
  /** The page may be going: what waits, `batch` last, is given to the browser or kept for the next page. */
  readonly leave: (batch: Batch) => void;
  /** The page is there (again), or the decision has changed: what waits or is kept is taken up. */
  readonly resume: () => void;
  /** Has the browser send `batch` should the page die; returns what calls it off, if it can be done. */
  readonly insure: (batch: Batch) => AbortController | undefined;
}

const enum Milliseconds {
  /** Until the first repeat; each further one waits twice as long. */
  FIRST_PAUSE = 2000,
  LONGEST_PAUSE = 3600000,
}

export function openOutbox(sender: Sender): Outbox {
  let waiting: Batch[] = [];
  let travelling: Batch | undefined;
  let failures = 0;
  let pause = 0;

  function write(batch: Batch): string {
    const { visitor, rule, signals } = sender;
    return JSON.stringify(
      {
        v: 1,
        site: CONFIG.site,
        visitor,
        rule,
        // As undefined it is left out: whom else a visitor limits is not ours to know.
        signals: CONFIG.adchoices.signal ? { ...signals, adchoices: undefined } : signals,
        ...batch,
      },
      // What there really is, not what a toJSON of the page's makes of it, as Prototype.js's did.
      function (this: Record<string, unknown>, key) {
        return this[key];
      },
    );
  }

  // An opted-out visitor's cookies do go, for only the collector can expire the one that it set.
  const credentials = () =>
    CONFIG.visitor.set_by === "server" &&
    !(sender.permits & Permit.IDENTIFY) &&
    !sender.signals.optout
      ? "omit"
      : "include";
  const maySend = () => sender.permits & Permit.MEASURE;
  // Who refuses cookies, or may not be recognised, is left without anything stored.
  const mayKeep = () =>
    CONFIG.visitor.set_by === "server" ? sender.permits & Permit.IDENTIFY : sender.visitor;

  async function next(): Promise<void> {
    if (pause || !maySend()) {
      keep();
      return;
    }
    if (travelling || !(travelling = waiting.shift())) return;
    if (await post(write(travelling), credentials())) failures = 0;
    else {
      waiting.unshift(travelling);
      pause = later(
        Math.min(Milliseconds.LONGEST_PAUSE, Milliseconds.FIRST_PAUSE * 2 ** failures++),
        resume,
      );
    }
    travelling = undefined;
    // Not returned: that would call a `then` that the page may have replaced.
    void next();
  }

  function keep() {
    waiting = waiting.slice(-Beacons.MOST);
    if (waiting[0] && mayKeep() && keepUnsent(waiting, write)) waiting = [];
  }

  function resume() {
    clearTimeout(pause);
    pause = 0;
    if (mayKeep()) waiting = takeUnsent().concat(waiting);
    void next();
  }

  function add(batch: Batch) {
    if (batch.events[0]) waiting.push(batch);
  }

  return {
    add(batch) {
      add(batch);
      void next();
    },
    leave(batch) {
      const isDown = failures || attempt(() => !navigator.onLine);
      if (isDown && travelling) waiting.unshift(travelling);
      add(batch);
      if (maySend()) {
        // Where the collector is down, or the page has broken one road, another is tried and all is kept.
        waiting = waiting.filter(
          (batch) => credentials() === "omit" || !entrust(write(batch)) || isDown,
        );
        // One more road, whose end this page may not see; so it is kept as well, and perhaps sent twice.
        for (const batch of waiting) void post(write(batch), credentials());
      }
      keep();
    },
    resume,
    insure: (batch) => (maySend() ? postpone(write(batch), credentials()) : undefined),
  };
}
