/** Entry: the tag on a client's site. */
import { openOutbox } from "./beacon/outbox";
import type { Sender } from "./beacon/wire";
import { answer, findStub, isAnswered, type Stub } from "./calls";
import { commands } from "./commands";
import { guarded, listen } from "./guard";
import { watchAdChoices } from "./privacy/adchoices_signal";
import { watchConsent } from "./privacy/consent";
import { openDecision } from "./privacy/decision";
import { watchClicks } from "./visit/clicks";
import { watchRoutes } from "./visit/routes";
import { startVisit } from "./visit/visit";
import { identify } from "./visitor/identifier";
import { syncWhenIdle } from "./visitor/sync";

function start(stub: Stub, at = +new Date()) {
  const decision = openDecision(() => {
    identify(sender);
    visit.resume();
  });
  const sender = decision as Sender;
  identify(sender);
  const visit = startVisit(openOutbox(sender), at);
  if (CONFIG.measure.routes) watchRoutes(visit.route);
  if (CONFIG.measure.clicks) watchClicks(visit.record);
  if (CONFIG.sync) syncWhenIdle(sender);
  if (CONFIG.adchoices.signal) watchAdChoices(decision);
  if (CONFIG.privacy.consent) watchConsent(decision.hear);
  answer(stub, commands(visit, decision));
}

guarded(() => {
  const stub = findStub();
  if (isAnswered(stub)) return;
  // Nobody has seen a prerendered page yet, and perhaps nobody will.
  if ((document as { prerendering?: boolean }).prerendering) {
    listen("prerenderingchange", () => start(stub));
  } else start(stub, stub.t);
})();
