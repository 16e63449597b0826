/** Entry: the choices page. Opts out and back in, and says what the browser really kept. */
import { inBestLanguage } from "./adchoices/language";
import { ask } from "./adchoices/origin";
import { attempt, guarded, listen } from "./guard";
import { forgetOptOut, hasOptedOut, renewOptOut } from "./privacy/optout";
import { readSignals } from "./privacy/signals";
import { isHidden } from "./visit/dwell";
import { findCookie, writeCookie } from "./visitor/cookie";
import { IDENTIFIER } from "./visitor/identifier";

const enum Milliseconds {
  PATIENCE = 3000,
}

type Choice = "optout" | "optin";
type State = "opted-out" | "opted-in" | "refused";

/** What the browser holds: as scripts see it, and as the server did when it was asked last. */
interface Held {
  readonly optout: boolean;
  /** The identifier; "" where the server has seen one that it lets no script read. */
  readonly identifier: string | null;
}

/**
 * Whether another page shows this one. It could lead its visitors' clicks onto the button that takes the
 * opt-out back, so that one is not offered there. Who sends no `frame-ancestors` relies on this alone.
 */
const isFramed = () => window !== window.top;

/** The server first: Safari keeps a cookie that a script has written for seven days only. */
async function carryOut(choice: Choice): Promise<void> {
  const isOut = choice === "optout";
  if (!(await askHost(choice, "POST")) || hasOptedOut() !== isOut) {
    if (isOut) attempt(renewOptOut);
    else forgetOptOut();
  }
  if (isOut) attempt(writeCookie, IDENTIFIER, "", 0);
}

/** Each contact renews the opt-out, for browsers keep none for five years at once. */
function renew(): void {
  if (!hasOptedOut()) return;
  renewOptOut();
  writeCookie(IDENTIFIER, "", 0);
}

function lookHere(): Held {
  return {
    optout: hasOptedOut(),
    identifier: findCookie(IDENTIFIER, "[^;]+") || null,
  };
}

/** Asks the server too, which renews an opt-out for longer, and sees what no script may. */
async function look(): Promise<Held> {
  const seen = await askHost("status", "GET");
  const here = lookHere();
  return here.identifier === null && seen?.identifier ? { ...here, identifier: "" } : here;
}

/** What the page's own server says; undefined where it is a static host, or silent. */
const askHost = (path: string, method: string) =>
  ask(path, method, Milliseconds.PATIENCE).catch(() => undefined);

/** Leaves the one article in the visitor's language: `?lang=`, else as their browser is set. */
function chooseArticle(): HTMLElement | undefined {
  const articles = [...document.querySelectorAll<HTMLElement>("article")];
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked || "", ...(navigator.languages || [])];
  const find = (language: string) => articles.find(({ lang }) => lang.toLowerCase() === language);
  const article = inBestLanguage(wanted, find) || articles[0];
  for (const other of articles) if (other !== article) other.remove();
  return article;
}

function tellLanguage(article: HTMLElement): void {
  document.documentElement.lang = article.lang;
  document.title = article.dataset.title || document.title;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("lang") !== article.lang) continue;
    link.setAttribute("aria-current", "true");
    const summary = document.querySelector("[data-language]");
    if (summary) summary.textContent = link.textContent;
  }
}

/** The card: what came of it, the one button that makes sense, and the facts below. */
function openCard(article: HTMLElement): (shown: State, held: Held) => void {
  const find = (selector: string) => article.querySelector<HTMLElement>(selector);
  const texts = new Map<string, (string | null)[]>();
  for (const outcome of article.querySelectorAll<HTMLElement>("[data-outcome]")) {
    const parts = [...outcome.children].map((child) => child.textContent);
    texts.set(outcome.dataset.outcome || "", parts);
    outcome.remove();
  }
  const [title, text] = [find("[data-state-title]"), find("[data-state-text]")];
  find("[data-unscripted]")?.remove();
  // What its server has written there was for visitors without scripts.
  document.body.dataset.kept = "";
  find("[data-scripted]")?.removeAttribute("hidden");

  return (shown, held) => {
    const [heading, sentence] = texts.get(shown) || [];
    if (title && heading) title.textContent = heading;
    if (text && sentence && text.textContent !== sentence) text.textContent = sentence;
    find(".choice")?.classList.toggle("held", held.optout);
    find("[action=optout]")?.toggleAttribute("hidden", held.optout);
    find("[action=optin]")?.toggleAttribute("hidden", !held.optout || isFramed());
    find("[data-framed]")?.toggleAttribute("hidden", !held.optout || !isFramed());
    showFacts(article, held);
  };
}

function showFacts(article: HTMLElement, { optout, identifier }: Held): void {
  const { dnt, gpc } = readSignals();
  const facts: Record<string, string> = {
    identifier: identifier === null ? "none" : identifier ? "seen" : "unseen",
    optout: String(optout),
    dnt: String(dnt),
    gpc: String(gpc),
  };
  for (const fact of article.querySelectorAll<HTMLElement>("[data-fact]")) {
    fact.hidden = facts[fact.dataset.fact || ""] !== fact.dataset.value;
    if (fact.dataset.value === "seen") fact.textContent = identifier;
  }
}

function start(article: HTMLElement): void {
  const show = openCard(article);
  let shown: State;
  const tell = (held: Held, wanted = held.optout) => {
    const isKept = held.optout === wanted && !(wanted && held.identifier !== null);
    shown = !isKept ? "refused" : wanted ? "opted-out" : "opted-in";
    show(shown, held);
  };
  const refresh = async () => {
    const held = await look();
    if (shown !== "refused" || held.optout) tell(held);
  };
  const choose = async (choice: Choice) => {
    article.setAttribute("aria-busy", "true");
    await carryOut(choice);
    const held = await look();
    article.removeAttribute("aria-busy");
    tell(held, choice === "optout");
    // The button that had the focus is gone; the new state is what to read next.
    article.querySelector<HTMLElement>("[data-state-title]")?.focus();
  };
  // One at a time, so that the latest choice is the one that stays.
  let work = Promise.resolve();
  const next = (run: () => Promise<void>) => (work = work.then(run));

  article.addEventListener("submit", (event) => {
    event.preventDefault();
    const choice = (event.target as HTMLElement).getAttribute("action");
    if (choice === "optin" && isFramed()) return;
    void next(() => choose(choice === "optin" ? "optin" : "optout"));
  });
  // Another tab, or the browser's own settings, may have changed it meanwhile. Not of a page that is left:
  // the answer renews an opt-out, also where the visitor has deleted it before it comes.
  listen("pageshow visibilitychange", () => isHidden() || next(refresh));
  renew();
  tell(lookHere());
}

guarded(() => {
  const article = chooseArticle();
  if (!article) return;
  tellLanguage(article);
  start(article);
})();
