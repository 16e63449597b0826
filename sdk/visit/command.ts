/** `azalead('view', {url, title})`: a page view counted by hand. */
import type { Command } from "../calls";
import type { Visit } from "./visit";

export function viewCommand(visit: Visit): Command {
  return (options) => {
    const { url, title } = Object(options) as Record<string, unknown>;
    if (!isTextOrNothing(url) || !isTextOrNothing(title)) return "takes {url, title}, both strings";
    visit.view("manual", visit.address(), url, title);
    return;
  };
}

function isTextOrNothing(given: unknown): given is string | undefined {
  return given === undefined || typeof given === "string";
}
