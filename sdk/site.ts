/** Entry: the tag on a client's site. */
import { openOutbox } from "./beacon/outbox";
import { answer, findStub, isAnswered, type Stub } from "./calls";
import { guarded, listen } from "./guard";
import { decide } from "./privacy/decision";
import { readSignals } from "./privacy/signals";
import { watchClicks } from "./visit/clicks";
import { eventCommand, viewCommand } from "./visit/commands";
import { watchRoutes } from "./visit/routes";
import { startVisit } from "./visit/visit";
import { forgetVisitor, recogniseVisitor } from "./visitor/identifier";

function start(stub: Stub, at = Date.now()) {
  const signals = readSignals();
  const { rule, identify } = decide(signals);
  const visitor =
    CONFIG.visitor.set_by === "server" ? null : identify ? recogniseVisitor() : forgetVisitor();
  // Who refuses cookies, or may not be recognised, is left without anything stored.
  const outbox = openOutbox(CONFIG.visitor.set_by === "server" ? identify : !!visitor);
  const visit = startVisit({ visitor, rule, signals }, outbox, at);
  if (CONFIG.measure.routes) watchRoutes(visit.route);
  if (CONFIG.measure.clicks) watchClicks(visit.record);
  answer(
    stub,
    new Map([
      ["view", viewCommand(visit)],
      ["event", eventCommand(visit)],
    ]),
  );
}

guarded(() => {
  const stub = findStub();
  if (isAnswered(stub)) return;
  // Nobody has seen a prerendered page yet, and perhaps nobody will.
  if ((document as { prerendering?: boolean }).prerendering) {
    listen("prerenderingchange", () => start(stub));
  } else start(stub, stub.t);
})();
