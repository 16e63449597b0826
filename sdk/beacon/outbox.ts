/** Beacons on their way: one at a time, again after a failure, and none forgotten when the page goes. */
import { attempt, guarded } from "../guard";
import { Permit } from "../privacy/decision";
import { isFetchReplaced, openTransports, type Parcel, sendLater, sendOnLeave } from "./transports";
import { keepUnsent, shorten, takeUnsent } from "./unsent";
import { type Batch, type Sender, toJson } from "./wire";

export interface Outbox {
  /**
   * Sends `batch` after those before it, once the visitor allows it. When the page may be going, what
   * waits is given to the browser instead, or kept for the next page.
   */
  readonly queue: (batch: Batch, leaving?: Event) => void;
  /** The page is there (again), or the decision has changed: what waits or is kept is taken up. */
  readonly resume: () => void;
  /** Has the browser send `batch`, and no former one, should the page die; whether it can be done. */
  readonly insure: (batch: Batch) => unknown;
}

const enum Milliseconds {
  /** Until the first repeat; each further one waits twice as long. */
  FIRST_PAUSE = 2000,
  LONGEST_PAUSE = 3600000,
}

const enum Bytes {
  /**
   * Of all beacons that leave with a page. Of the 64 KiB that the browser takes, two that have just arrived
   * may still count, each of 24 KB at most.
   */
  ROOM = 16384,
}

const enum Beacons {
  /** That wait in memory, each of about 8,192 characters at most. */
  MOST = 400,
}

export function openOutbox(sender: Sender): Outbox {
  const transports = openTransports();
  const waiting: Batch[] = [];
  let travelling: Batch | 0 | undefined;
  /** How long the latest failure makes us wait; 0 once a beacon has arrived, or the page has been left. */
  let pause: number | undefined;
  let isPausing: boolean | undefined;
  let retrying: number;
  /** Calls off what the browser holds. */
  let held: AbortController | undefined;
  let isWarned: unknown;

  /** Has all that is packed next be true of now. Only a consent API can forbid that beacons are sent. */
  const maySend = () => {
    sender.refresh();
    return !CONFIG.privacy.consent || sender.permits >= Permit.MEASURE;
  };
  // Who refuses cookies, or may not be recognised, is left without anything stored.
  const mayKeep = () =>
    CONFIG.visitor.set_by === "server" ? sender.permits >= Permit.IDENTIFY : sender.visitor;

  /** With who did it. As long as nobody has decided, that is whoever the visitor is found to be. */
  const sign = (batch: Batch): Batch => ({ visitor: sender.visitor, ...batch });

  const pack = (batch: Batch): Parcel => {
    // What was done as somebody else, or as nobody, is not told of who the visitor is now.
    const visitor = sign(batch).visitor === sender.visitor ? sender.visitor : null;
    return {
      method: "POST",
      body: toJson({
        v: 1,
        site: CONFIG.site,
        visitor,
        rule: sender.rule,
        // As undefined it is left out: whom else a visitor limits is not ours to know.
        signals: CONFIG.adchoices.signal
          ? { ...sender.signals, adchoices: undefined }
          : sender.signals,
        page: batch.page,
        events: batch.events,
      }),
      keepalive: true,
      // Whatever the page's policy: its whole address is not for the wire.
      referrerPolicy: "origin",
      // The collector must not see a cookie that no script can delete. An opted-out visitor's cookies do
      // go, for only the collector can expire the one that it set.
      credentials:
        CONFIG.visitor.set_by === "server" &&
        sender.permits < Permit.IDENTIFY &&
        !sender.signals.optout
          ? "omit"
          : "include",
    };
  };

  async function next(): Promise<void> {
    if (isPausing || !maySend()) {
      keep();
      return;
    }
    // Whoever called, the request belongs to no context of theirs: see `outside`.
    // eslint-disable-next-line @typescript-eslint/await-thenable -- only to be called by the browser
    await 0;
    if (!travelling && maySend() && (travelling = waiting.shift())) {
      if (await transports.send(pack(travelling))) {
        // Not sooner: the first touch of storage costs a starting page more than all else that we do,
        // and what an earlier page could not send has a chance only now. Nor in a page that has been left
        // meanwhile: what it takes out and does not come to send is lost with it.
        // eslint-disable-next-line @typescript-eslint/no-unused-expressions -- an `if` takes more bytes
        pause ?? gather();
        pause = 0;
      } else {
        waiting.unshift(travelling);
        pause = Math.min(Milliseconds.LONGEST_PAUSE, pause! * 2 || Milliseconds.FIRST_PAUSE);
        // In a document that is gone there are no timers any more, so this is its end: Chromium refuses
        // each of its requests at once, and who tried again at once would do so for ever.
        isPausing = true;
        clearTimeout(retrying);
        retrying = setTimeout(guarded(resume), pause);
      }
      travelling = 0;
      void next();
    }
  }

  /** What an earlier page kept goes first. */
  function gather() {
    if (!CONFIG.privacy.consent || mayKeep()) attempt(() => waiting.unshift(...takeUnsent()));
  }

  function keep() {
    // Empty the queue before storage is touched: in a tab that closes, Firefox tells the next event amid it.
    const kept = waiting.splice(0);
    // A refusal decides on what was held as well, and on all that happens while it stands: none of that
    // ever goes out, whatever is answered later.
    if (CONFIG.privacy.consent && !sender.permits) return;
    if (!kept[0] || !mayKeep() || !attempt(keepUnsent, kept.map(sign))) waiting.unshift(...kept);
  }

  /** A page that makes more than the collector takes does not fill the browser's memory. */
  function limit() {
    if (shorten(waiting, Beacons.MOST) && !isWarned) {
      isWarned = true;
      console.warn(CONFIG.brand + ": too many events");
    }
  }

  function resume() {
    isPausing = false;
    gather();
    void next();
  }

  return {
    queue(batch, leaving) {
      const isDecided = maySend();
      sender.isTold ||= !!sender.visitor;
      if (batch.events[0]) waiting.push(isDecided ? sign(batch) : batch);
      limit();
      if (leaving) {
        // Offline, the browser says that it takes a beacon, and drops it.
        pause = pause || Milliseconds.FIRST_PAUSE * +attempt(() => !navigator.onLine)!;
        const isBroken = pause || transports.isFetchBroken;
        const isDoubtful = isBroken || (travelling && isFetchReplaced());
        if (isBroken && travelling) waiting.unshift(travelling);
        if (isDecided) {
          // On close, Firefox tells of visibilitychange amid its pagehide, and takes little of what that
          // sends afterwards: whoever has packed first takes all out and sends it.
          const parcels = waiting.map(pack);
          let room: number = Bytes.ROOM;
          waiting.unshift(
            ...waiting.splice(0).filter((_, place) => {
              room -= new TextEncoder().encode(parcels[place]!.body).length;
              // What the browser would refuse without a word is kept instead, and besides what perhaps
              // reaches nobody, so it may be sent twice.
              return (room < 0 && mayKeep()) || !sendOnLeave(parcels[place]!, isDoubtful) || pause;
            }),
          );
        }
        keep();
        // Late: a page that is slow to go is cut short, in Chromium after half a second.
        held?.abort();
        // WebKit asks its network's process for this, and waits for the answer; so what was sent before has
        // been read. Else one in forty pages of WebKitGTK whose tab is closed ends with it unread.
        return new Blob([]).size;
      } else void next();
    },
    resume,
    insure(batch) {
      held?.abort();
      return (held = maySend() ? attempt(sendLater, pack(batch)) : undefined);
    },
  };
}
