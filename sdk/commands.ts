/** What a page can ask for: `azalead(command, …)`, each as the contract has it. A bad one throws. */
import type { Command } from "./calls";
import { guarded, outside } from "./guard";
import type { Sender } from "./beacon/wire";
import { Permit } from "./privacy/decision";
import { explain } from "./privacy/explain";
import { forgetOptOut, witnessOptOut } from "./privacy/optout";
import { scrub } from "./visit/scrub";
import type { Visit } from "./visit/visit";
import { inferOrganization } from "./visitor/organization";

const enum Characters {
  /** Of an event's name and its properties as JSON. */
  MOST = 8192,
}

export function commands(visit: Visit, sender: Sender): Record<string, Command> {
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
      const json = JSON.stringify(properties, onlyJson(Characters.MOST));
      // eslint-disable-next-line @typescript-eslint/prefer-string-starts-ends-with -- in fewer bytes
      if (!name.trim() || json[0] !== "{" || (name + json).length > Characters.MOST)
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- only we catch it, to warn
        throw json;
      visit.record({ type: "event", name: scrub(name), properties: parseScrubbed(json) });
    },

    // Where the cookie is refused, the opt-out holds for as long as the page lives.
    optout() {
      witnessOptOut();
      sender.hear("optout", Permit.ONLY_MEASURE);
    },

    optin() {
      forgetOptOut();
      sender.hear("optout", Permit.ALL);
    },

    explain(callback: (explanation: object) => void) {
      sender.refresh();
      if (CONFIG.debug && !callback) console.log(CONFIG.brand, explain(sender));
      else callback(explain(sender));
    },

    organization(callback: (organization: unknown) => void) {
      [].map(callback); // throws where it is none, before anybody is asked
      void outside(() =>
        inferOrganization(sender)
          .catch(() => null)
          .then(guarded(callback)),
      );
    },
  };
}

/** The object that `json` is, with each text and number in it scrubbed, keys included. */
export const parseScrubbed = (json: string): object => JSON.parse(json, scrubProperty) as object;

function scrubProperty(key: string, value: unknown): unknown {
  if (typeof value === "string" || typeof value === "number") {
    // A key tells what its value is, as a parameter's name does in an address.
    const text = scrub(`?_${key.replace(/\W/g, "_")}=` + value).replace(/^\?\w+=/, "");
    return text === "" + value ? value : text;
  }
  return value && !Array.isArray(value) && typeof value === "object" ? scrubKeys(value) : value;
}

/** Two keys that are scrubbed to the same name both stay. */
function scrubKeys(value: object): object {
  // Without a prototype, for a key may be "__proto__".
  const scrubbed = Object.create(null) as Record<string, unknown>;
  let more = 1;
  for (const [key, one] of Object.entries(value)) {
    let name = scrub(key);
    while (name in scrubbed) name += ++more;
    scrubbed[name] = one;
  }
  return scrubbed;
}

/**
 * Refuses what JSON.stringify would leave out, or turn into null, without a word, and what is longer
 * than `room` without looking at the rest.
 */
function onlyJson(room: number): (key: string, value: unknown) => unknown {
  return (key, value) => {
    room -= typeof value === "string" ? value.length : 1;
    // In a list, undefined, a function, a symbol and an infinite number are told as null.
    if (room < 0 || (typeof value !== "object" && JSON.stringify([value]) === "[null]"))
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- only we catch it, to warn
      throw key;
    return value;
  };
}
