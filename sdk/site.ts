/** Entry: the tag on a client's site. */
import { openOutbox } from "./beacon/outbox";
import { answer, findStub, type Stub, takeCalls } from "./calls";
import { commands } from "./commands";
import { guarded, listen, outside } from "./guard";
import { watchAdChoices } from "./privacy/adchoices_signal";
import { watchConsent } from "./privacy/consent";
import { watchClicks } from "./visit/clicks";
import { readOpening } from "./visit/opening";
import { watchRoutes } from "./visit/routes";
import { startVisit } from "./visit/visit";
import { watchCookies } from "./visitor/changes";
import { openSender } from "./visitor/identifier";
import { syncWhenIdle } from "./visitor/sync";

function start(stub: Stub) {
  // Partytown hands it on from the worker that it runs scripts in, which ends before it hears of `pagehide`.
  if ((window as { WorkerNavigator?: unknown }).WorkerNavigator)
    console.warn(CONFIG.brand + ": a worker loses the last dwell");
  const opening = readOpening(stub.t);
  const calls = takeCalls(stub);
  const sender = openSender(() => visit.resume());
  const visit = startVisit(openOutbox(sender), opening);
  if (CONFIG.measure.routes && CONFIG.measure.views === "auto") watchRoutes(visit);
  if (CONFIG.measure.clicks) watchClicks(visit);
  if (CONFIG.sync) syncWhenIdle(sender);
  watchCookies(sender, visit.resume);
  if (CONFIG.adchoices.signal) watchAdChoices(sender);
  if (CONFIG.privacy.consent)
    watchConsent((name, permits) => {
      // After a refusal the page is counted as if it were opened now: of the time in which nobody might
      // measure, neither an event is told nor how long, how busily or how deep the page was read.
      sender.refresh();
      if (!sender.permits) visit.view("navigate");
      sender.hear(name, permits);
    });
  answer(stub, calls, commands(visit, sender));
}

guarded(() => {
  const stub = findStub();
  // An application may import the tag within its zone; listeners that are begun there stay there.
  const startOutside = () => void outside(() => start(stub));
  // Nobody has seen a prerendered page yet, and perhaps nobody will.
  if ((document as { prerendering?: boolean }).prerendering)
    listen("prerenderingchange", startOutside);
  else startOutside();
})();
