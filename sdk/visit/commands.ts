/** The page's own word: `azalead('view', …)` and `azalead('event', …)`. */
import type { Command } from "../calls";
import type { Visit } from "./visit";

const enum Characters {
  /** Of an event's name and its properties as JSON. */
  MOST = 8192,
}

export function viewCommand(visit: Visit): Command {
  return (options = {}) => {
    const { url = "", title = "" } = options as Record<string, unknown>;
    if (typeof url !== "string" || typeof title !== "string") return false;
    visit.view("manual", url, title);
    return true;
  };
}

export function eventCommand(visit: Visit): Command {
  return (name, properties = {}) => {
    const json = JSON.stringify(properties, onlyJson);
    if (!name || typeof name !== "string" || !json.startsWith("{")) return false;
    if ((name + json).length > Characters.MOST) return false;
    visit.record({ type: "event", name, properties: JSON.parse(json) as object });
    return true;
  };
}

/** Refuses what JSON.stringify would leave out, or turn into null, without a word. */
function onlyJson(_key: string, value: unknown): unknown {
  if (/^[fu]|sym/.test(typeof value) || (typeof value === "number" && !isFinite(value)))
    throw value;
  return value;
}
