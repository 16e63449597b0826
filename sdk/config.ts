/**
 * The configuration: `tag.toml` as constants. The build replaces each `CONFIG.…` by its value before
 * bundling, so a branch on a feature that is off is dropped, and whatever only it needed with it.
 */
import type { Drawing } from "./adchoices/elements";
import type { Entry } from "./adchoices/words";

export interface Configuration {
  /** The global function's name, and the prefix of file and cookie names. */
  readonly brand: string;
  /** The client's account. */
  readonly site: string;
  /** Origin (and path) that beacons go to, without a slash at its end. */
  readonly collector: string;
  /** The address of the tag itself, for the stub. */
  readonly script: string;
  /** Subresource integrity of the tag where the snippet pins it, or "". */
  readonly integrity: string;
  readonly visitor: {
    readonly cookie_days: number;
    readonly set_by: "script" | "server";
    /** "none" on the choices page, whose cookies must be seen in frames on other sites. */
    readonly same_site: "lax" | "none";
  };
  readonly measure: {
    readonly routes: boolean;
    readonly hash_routes: boolean;
    readonly clicks: boolean;
    readonly scroll: boolean;
    /** Source of a regular expression that the names of the kept query parameters match, or "". */
    readonly keep_params: string;
    /** The same for those of them that tell no two pages apart. */
    readonly campaign: string;
    /** "manual": a page is counted when it calls for it. */
    readonly views: "auto" | "manual";
  };
  /** Whether the console tells more, for whoever builds with `--debug`. */
  readonly debug: boolean;
  /** Advertising-ID partners, or false where there are none. */
  readonly sync:
    readonly { readonly partner: string; readonly url: string; readonly days: number }[] | false;
  readonly privacy: {
    readonly dnt: "report" | "respect";
    readonly gpc: "report" | "respect";
    /** Whether there is any consent API to ask. */
    readonly consent: boolean;
    readonly consent_tcf: boolean;
    readonly consent_gpp: boolean;
    readonly consent_usp: boolean;
    /** Our number in the IAB's Global Vendor List, or 0. */
    readonly vendor: number;
  };
  readonly adchoices: {
    /** Its place among `CORNERS`. */
    readonly corner: number;
    readonly words: readonly [Entry, ...Entry[]];
    /** Whether there is more than one of them. */
    readonly choice: boolean;
    /** Those of the languages that are written from right to left, between spaces, or "". */
    readonly rtl: string;
    /** The page where a visitor chooses; the opt-out and its status are beside it. */
    readonly choices: string;
    readonly icon: Drawing;
    /** The text of `adchoices/icon.css`, and of `adchoices/panel.css`. */
    readonly icon_style: string;
    readonly panel_style: string;
    /** Whether the AdChoices Signal is asked for and obeyed. */
    readonly signal: boolean;
    /** Our number among the DAA's participants, or 0. */
    readonly participant: number;
  };
}

declare global {
  const CONFIG: Configuration;
}
