/** Beacons on their way: one at a time, again after a failure, and none forgotten when the page goes. */
import { attempt, later } from "../guard";
import { Permit } from "../privacy/decision";
import { entrust, type Parcel, post, postpone } from "./roads";
import { keepUnsent, takeUnsent } from "./unsent";
import { type Batch, type Sender, toJson } from "./wire";

export interface Outbox {
  /**
   * Sends `batch` after those before it, once the visitor allows it. When the page may be going, what
   * waits is given to the browser instead, or kept for the next page.
   */
  readonly add: (batch: Batch, isLeaving?: boolean) => void;
  /** The page is there (again), or the decision has changed: what waits or is kept is taken up. */
  readonly resume: () => void;
  /** Has the browser send `batch` should the page die; returns what calls it off, if it can be done. */
  readonly insure: (batch: Batch) => AbortController | undefined | 0;
}

const enum Milliseconds {
  /** Until the first repeat; each further one waits twice as long. */
  FIRST_PAUSE = 2000,
  LONGEST_PAUSE = 3600000,
}

const enum Beacons {
  /** That are kept: the page's own share of its storage stays its own. */
  MOST = 50,
}

export function openOutbox(sender: Sender): Outbox {
  let waiting: Batch[] = [];
  let travelling: Batch | undefined;
  /** How long the latest failure makes us wait; 0 once a beacon has arrived. */
  let pause: number | undefined;
  let pausing = 0;

  const maySend = () => sender.permits & Permit.MEASURE;
  // Who refuses cookies, or may not be recognised, is left without anything stored.
  const mayKeep = () =>
    CONFIG.visitor.set_by === "server" ? sender.permits & Permit.IDENTIFY : sender.visitor;

  /** With all that its beacon says. */
  const complete = (batch: Batch) => ({
    v: 1,
    site: CONFIG.site,
    visitor: sender.visitor,
    rule: sender.rule,
    // As undefined it is left out: whom else a visitor limits is not ours to know.
    signals: CONFIG.adchoices.signal ? { ...sender.signals, adchoices: undefined } : sender.signals,
    ...batch,
  });

  const pack = (batch: Batch): Parcel => ({
    method: "POST",
    body: toJson(complete(batch)),
    keepalive: true,
    // The collector must not see a cookie that no script can delete. An opted-out visitor's cookies do
    // go, for only the collector can expire the one that it set.
    credentials:
      CONFIG.visitor.set_by === "server" &&
      !(sender.permits & Permit.IDENTIFY) &&
      !sender.signals.optout
        ? "omit"
        : "include",
  });

  async function next(): Promise<void> {
    if (pausing || !maySend()) keep();
    else if (!travelling && (travelling = waiting.shift())) {
      if (await post(pack(travelling))) {
        // Not sooner: the first touch of storage costs a starting page more than all else that we do,
        // and what an earlier page could not send has a chance only now. Nor again while all goes well.
        if (pause !== 0) gather();
        pause = 0;
      } else {
        waiting.unshift(travelling);
        pause = Math.min(Milliseconds.LONGEST_PAUSE, pause! * 2 || Milliseconds.FIRST_PAUSE);
        // To a document that is gone Chromium refuses each request at once, and gives 0 instead of a timer:
        // who then tried again would do so for ever, in the process that renders the page around it.
        pausing = later(pause, resume) || -1;
      }
      travelling = undefined;
      void next();
    }
  }

  /** What an earlier page kept goes first. */
  function gather() {
    if (mayKeep()) waiting = takeUnsent().concat(waiting);
  }

  function keep() {
    gather();
    // Out of hand before storage is touched: what a closing tab is told amid that finds nothing to keep.
    const kept = waiting.splice(-Beacons.MOST);
    waiting = [];
    // A refusal decides on what was held as well, and on all that happens while it stands: none of that
    // ever goes out, whatever is answered later.
    if (CONFIG.privacy.consent && !sender.permits) return;
    if (!(kept[0] && mayKeep() && keepUnsent(kept.map(complete)))) waiting = kept;
  }

  function resume() {
    clearTimeout(pausing);
    pausing = 0;
    gather();
    void next();
  }

  return {
    add(batch, isLeaving) {
      if (batch.events[0]) waiting.push(batch);
      if (isLeaving) {
        const isDown = pause || attempt(() => !navigator.onLine);
        if (travelling && isDown) waiting.unshift(travelling);
        if (maySend()) {
          // Firefox tells a page whose tab is being closed of its visibilitychange amid its pagehide, and
          // takes little of what that sends afterwards: whoever has packed first takes all out and sends it.
          const parcels = waiting.map(pack);
          waiting = waiting
            .splice(0)
            .filter(
              // Where the collector is down, or the page has broken one road, another is tried, whose end
              // this page may not see, and all is kept; so it is perhaps sent twice.
              // eslint-disable-next-line @typescript-eslint/no-misused-promises -- each is true: it is kept
              (_, place) =>
                ((CONFIG.visitor.set_by === "server" && parcels[place]!.credentials === "omit") ||
                  !entrust(parcels[place]!) ||
                  isDown) &&
                post(parcels[place]!),
            )
            .concat(waiting);
        }
        keep();
      } else void next();
    },
    resume,
    insure: (batch) => maySend() && postpone(pack(batch)),
  };
}
