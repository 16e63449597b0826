/** Entry: the tag on a client's site. */
import { openOutbox } from "./beacon/outbox";
import type { Sender } from "./beacon/wire";
import { answer, findStub, type Stub, takeCalls } from "./calls";
import { commands } from "./commands";
import { guarded, listen, outside } from "./guard";
import { watchAdChoices } from "./privacy/adchoices_signal";
import { watchConsent } from "./privacy/consent";
import { openDecision } from "./privacy/decision";
import { watchClicks } from "./visit/clicks";
import { readOpening } from "./visit/opening";
import { watchRoutes } from "./visit/routes";
import { startVisit } from "./visit/visit";
import { identify } from "./visitor/identifier";
import { syncWhenIdle } from "./visitor/sync";

function start(stub: Stub) {
  const opening = readOpening(stub.t);
  const calls = takeCalls(stub);
  const sender = openDecision(() => {
    identify(sender);
    visit.resume();
  }) as Sender;
  identify(sender);
  const visit = startVisit(openOutbox(sender), opening);
  if (CONFIG.measure.routes && CONFIG.measure.views === "auto") watchRoutes(visit);
  if (CONFIG.measure.clicks) watchClicks(visit);
  if (CONFIG.sync) syncWhenIdle(sender);
  if (CONFIG.adchoices.signal) watchAdChoices(sender);
  if (CONFIG.privacy.consent)
    watchConsent((name, permits) => {
      // After a refusal the page is counted as if it were opened now: of the time in which nobody might
      // measure, neither an event is told nor how long, how busily or how deep the page was read.
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
