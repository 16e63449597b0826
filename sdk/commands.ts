/** What a page can ask for: `azalead(command, …)`, each as the contract has it. A bad one throws. */
import type { Command } from "./calls";
import { guarded, outside } from "./guard";
import { type Decision, Permit } from "./privacy/decision";
import { explain } from "./privacy/explain";
import { forgetOptOut } from "./privacy/optout";
import { scrub } from "./visit/scrub";
import type { Visit } from "./visit/visit";
import { inferOrganization } from "./visitor/organization";

const enum Characters {
  /** Of an event's name and its properties as JSON. */
  MOST = 8192,
}

export function commands(visit: Visit, decision: Decision): Record<string, Command> {
  return {
    // Without a prototype, so that no command is called "constructor".
    // eslint-disable-next-line @typescript-eslint/ban-ts-comment -- ECMAScript, 13.2.5.5
    // @ts-ignore
    __proto__: null,

    view(page: { url?: string; title?: string } = {}) {
      // Asked for no property, an object is "{}"; a text, a number or a list is not, and null throws.
      // eslint-disable-next-line @typescript-eslint/prefer-string-starts-ends-with -- in fewer bytes
      const { url = "", title = "" } = JSON.stringify(page, [])[0] === "{" ? page : null!;
      visit.view("manual", url.trim(), title.trim());
    },

    event(name: string, properties = {}) {
      const json = JSON.stringify(properties, onlyJson);
      // eslint-disable-next-line @typescript-eslint/prefer-string-starts-ends-with -- in fewer bytes
      if (!name.trim() || json[0] !== "{" || (name + json).length > Characters.MOST)
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- only we catch it, to warn
        throw json;
      visit.record({ type: "event", name: scrub(name), properties: parseScrubbed(json) });
    },

    // Where the cookie is refused, the opt-out holds for as long as the page lives.
    optout() {
      decision.hear("optout", Permit.ONLY_MEASURE);
    },

    optin() {
      forgetOptOut();
      decision.hear("optout", Permit.ALL);
    },

    explain(callback: (explanation: object) => void) {
      if (CONFIG.debug && !callback) console.log(CONFIG.brand, explain(decision));
      else callback(explain(decision));
    },

    organization(callback: (organization: unknown) => void) {
      [].map(callback); // throws where it is none, before anybody is asked
      void outside(() =>
        inferOrganization(decision)
          .catch(() => null)
          .then(guarded(callback)),
      );
    },
  };
}

/** The object that `json` is, with each text in it scrubbed, keys included. */
function parseScrubbed(json: string): object {
  return JSON.parse(
    json.replace(/"(\\.|[^"\\])*"/g, (text) => JSON.stringify(scrub(JSON.parse(text) as string))),
  ) as object;
}

/** Refuses what JSON.stringify would leave out, or turn into null, without a word. */
function onlyJson(key: string, value: unknown): unknown {
  // In a list, both are told as null.
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- only we catch it, to warn
  if (value !== null && JSON.stringify([value]) === "[null]") throw key;
  return value;
}
