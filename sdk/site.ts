/** Entry: the tag on a client's site. */
import { answer, findStub, isAnswered } from "./calls";
import { guarded } from "./guard";
import { decide } from "./privacy/decision";
import { readSignals } from "./privacy/signals";
import { startVisit } from "./visit/visit";
import { viewCommand } from "./visit/command";
import { forgetVisitor, recogniseVisitor } from "./visitor/identifier";

guarded(() => {
  const stub = findStub();
  if (isAnswered(stub)) return;
  const signals = readSignals();
  const decision = decide(signals);
  const visitor =
    CONFIG.visitor.set_by === "script"
      ? decision.identify
        ? recogniseVisitor()
        : forgetVisitor()
      : null;
  const visit = startVisit({ visitor, rule: decision.rule, signals }, stub.t || performance.now());
  answer(stub, new Map([["view", viewCommand(visit)]]));
})();
