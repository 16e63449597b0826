/** The panel that the icon opens: whose ad it is, why, what is kept, and the way to opt out. */
import { guarded } from "../guard";
import { isHidden } from "../visit/dwell";
import { dress, make } from "./elements";
import { isOptedOut, optOut } from "./optout";
import { hear } from "./presses";
import { isRightToLeft, type Texts, Word } from "./words";

export interface Panel {
  /** Does what an event at the window asks for; `path` is where it happened. */
  react(event: Event, path: readonly EventTarget[]): void;
  /** Closes it, if it is open. */
  shut(): void;
}

/** The panel's parts. */
type Parts = Readonly<Record<"panel" | "close" | "refuse" | "page" | "result", HTMLElement>>;

/** Makes `icon` open and close a panel beside it, with the `facts` of the ad as they are by then. */
export function attachPanel(
  root: ShadowRoot,
  icon: HTMLElement,
  texts: Texts,
  facts: DOMStringMap,
): Panel {
  dress(root, CONFIG.adchoices.panel_style);
  let parts: Parts | undefined;
  let hasLeft = false;
  let deafen: () => void;

  /** Says what is true by now: only a cookie that came back is a choice that holds. */
  async function report(answer: Promise<boolean>) {
    const { panel, refuse, result } = parts!;
    const isDone = await answer.catch(() => false);
    result.textContent = texts[isDone ? Word.DONE : Word.ELSEWHERE];
    if (!isDone) return;
    if (root.activeElement === refuse) panel.focus();
    refuse.remove();
  }

  function open() {
    parts = makeParts(texts, facts);
    const { panel } = parts;
    hasLeft = false;
    icon.after(panel);
    icon.setAttribute("aria-expanded", "true");
    // The top layer: nothing of the ad covers it, and no edge of a small ad cuts it off.
    if ("showPopover" in panel) panel.showPopover();
    lay(panel, icon);
    panel.focus({ preventScroll: true });
    deafen = hear(
      "focus visibilitychange",
      guarded(() => {
        if (hasLeft && !isHidden()) void report(isOptedOut());
      }),
    );
  }

  function shut() {
    if (!parts) return;
    parts.panel.remove();
    parts = undefined;
    deafen();
    icon.setAttribute("aria-expanded", "false");
  }

  function click(has: (part: HTMLElement) => boolean) {
    if (has(icon) && !parts) {
      open();
    } else if (parts) {
      if (has(parts.page)) hasLeft = true;
      if (has(parts.refuse)) void report(optOut());
      if (has(icon) || has(parts.close)) leave();
    }
  }

  function leave() {
    shut();
    icon.focus({ preventScroll: true });
  }

  return {
    react(event, path) {
      const has = (part: EventTarget) => path.includes(part);
      const { type } = event;
      if (!has(root)) {
        if (type === "pointerdown") shut();
        return;
      }
      if (type === "click") click(has);
      if (type === "keydown" && (event as KeyboardEvent).key === "Escape" && parts) leave();
      // In a link, what is pressed or dragged of the icon would be the link (in Chromium, a button too).
      const isOwnLink = parts && has(parts.page);
      if (/click|drag/.test(type) && !isOwnLink) event.preventDefault();
    },
    shut,
  };
}

function makeParts(texts: Texts, facts: DOMStringMap): Parts {
  const say = (word: Word) => texts[word];
  const tell = (word: Word, text: string | undefined) =>
    text ? [make("p", {}, [say(word) + ": " + text])] : [];
  const result = make("p", { role: "status" }, []);
  const close = make("button", { class: "close", "aria-label": say(Word.CLOSE) }, ["✕"]);
  const refuse = make("button", {}, [say(Word.OPTOUT)]);
  const page = make(
    "a",
    {
      href: CONFIG.adchoices.choices,
      target: "_blank",
      rel: "noopener",
      // Of where the ad was seen, the page learns no more than the site.
      referrerpolicy: "origin",
    },
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
  return { panel, close, refuse, page, result };
}

/** Puts the panel over the ad, at the icon's corner and within the window. */
function lay(panel: HTMLElement, icon: HTMLElement) {
  const corner = icon.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  // A page's CSS `zoom` is in what is measured, and comes once more to what is set.
  const zoom = width / panel.offsetWidth;
  // The document contains what is in the top layer; in browsers without one (before 2024), the host does.
  const host = "showPopover" in panel ? null : (icon.getRootNode() as ShadowRoot).host;
  const origin = host && host.getBoundingClientRect();
  const within = (start: number, most: number) => Math.max(0, Math.min(start, most));
  const isRight = icon.className.endsWith("right");
  const isBottom = icon.className.startsWith("bottom");
  const x = within(isRight ? corner.right - width : corner.left, innerWidth - width);
  const y = within(isBottom ? corner.bottom - height : corner.top, innerHeight - height);
  panel.style.left = (x - (origin ? origin.left : -scrollX)) / zoom + "px";
  panel.style.top = (y - (origin ? origin.top : -scrollY)) / zoom + "px";
}
