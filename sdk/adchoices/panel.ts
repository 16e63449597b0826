/** The panel that the icon opens: whose ad it is, why, what is kept, and the way to opt out. */
import { listen } from "../guard";
import { isHidden } from "../visit/dwell";
import { dress, make } from "./elements";
import { isOptedOut, optOut } from "./optout";
import { isRightToLeft, type Texts, Word } from "./words";

/** What the panel says of this one ad, as its script's `data-` attributes have it. */
export interface Facts {
  readonly advertiser?: string;
  readonly paidBy?: string;
  readonly why?: string;
}

/** Makes `icon` open and close a panel beside it. */
export function attachPanel(root: ShadowRoot, icon: HTMLElement, texts: Texts, facts: Facts): void {
  dress(root, CONFIG.adchoices.panel_style);
  const say = (word: Word) => texts[word];
  const tell = (word: Word, text: string | undefined) =>
    text ? [make("p", {}, [say(word) + ": " + text])] : [];
  const result = make("p", { role: "status" }, []);
  const close = make("button", { class: "close", "aria-label": say(Word.CLOSE) }, ["✕"]);
  const refuse = make("button", {}, [say(Word.OPTOUT)]);
  const page = make(
    "a",
    { href: CONFIG.adchoices.choices, target: "_blank", rel: "noopener" },
    // The address in writing, for a sandbox without `allow-popups` opens none.
    [say(Word.MORE) + ": " + new URL(CONFIG.adchoices.choices).host],
  );
  const panel = make(
    "section",
    {
      role: "dialog",
      "aria-label": say(Word.NAME),
      lang: say(Word.LANGUAGE),
      dir: isRightToLeft(say(Word.LANGUAGE)) ? "rtl" : "ltr",
      tabindex: "-1",
      popover: "manual",
    },
    [
      close,
      make("strong", {}, [say(Word.NAME)]),
      ...tell(Word.ADVERTISER, facts.advertiser),
      ...tell(Word.PAID, facts.paidBy),
      make("p", {}, [facts.why || say(Word.WHY)]),
      make("p", {}, [say(Word.KEPT)]),
      result,
      refuse,
      page,
    ],
  );

  /** Says what is true by now: only a cookie that came back is a choice that holds. */
  async function report(answer: Promise<boolean>) {
    const isDone = await answer.catch(() => false);
    result.textContent = say(isDone ? Word.DONE : Word.ELSEWHERE);
    if (!isDone) return;
    if (root.activeElement === refuse) panel.focus();
    refuse.remove();
  }

  function open() {
    icon.after(panel);
    icon.setAttribute("aria-expanded", "true");
    // The top layer: nothing of the ad covers it, and no edge of a small ad cuts it off.
    if ("showPopover" in panel) panel.showPopover();
    lay(panel, icon);
    panel.focus({ preventScroll: true });
  }

  function shut() {
    panel.remove();
    icon.setAttribute("aria-expanded", "false");
    icon.focus({ preventScroll: true });
  }

  let left = false;
  listen("click", () => (panel.isConnected ? shut : open)(), icon);
  listen("click", shut, close);
  listen("click", () => report(optOut()), refuse);
  listen("click", () => (left = true), page);
  listen(
    "keydown",
    (event) => {
      if ((event as KeyboardEvent).key !== "Escape") return;
      event.stopPropagation();
      shut();
    },
    panel,
  );
  listen("pointerdown", (event) => {
    if (panel.isConnected && !event.composedPath().includes(root)) shut();
  });
  listen("focus visibilitychange", () => {
    if (left && panel.isConnected && !isHidden()) void report(isOptedOut());
  });
}

/** Puts the panel over the ad, at the icon's corner and within the window. */
function lay(panel: HTMLElement, icon: HTMLElement) {
  const corner = icon.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  // A page's CSS `zoom` is in what is measured, and comes once more to what is set.
  const zoom = width / panel.offsetWidth;
  // The document contains what is in the top layer; in browsers without one (before 2024), the ad does.
  const ad = "showPopover" in panel ? null : (panel as HTMLElement).offsetParent;
  const origin = ad && ad.getBoundingClientRect();
  const within = (start: number, most: number) => Math.max(0, Math.min(start, most));
  const isRight = icon.className.endsWith("right");
  const isBottom = icon.className.startsWith("bottom");
  const x = within(isRight ? corner.right - width : corner.left, innerWidth - width);
  const y = within(isBottom ? corner.bottom - height : corner.top, innerHeight - height);
  panel.style.left = (x - (origin ? origin.left : -scrollX)) / zoom + "px";
  panel.style.top = (y - (origin ? origin.top : -scrollY)) / zoom + "px";
}
