/** Entry: the tag for bundlers. Importing it starts it; what it exports is the global function. */
import "./site";
import { findStub } from "./calls";
import { guarded } from "./guard";

/** Does nothing where there is no window, so that a page rendered on a server can import it. */
export default guarded((...call: unknown[]) => {
  findStub()(...call);
});
