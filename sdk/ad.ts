/** Entry: the tag beside an ad. It marks the ad with the AdChoices icon, which explains it. */
import { tellFailure } from "./adchoices/failure";
import { isMarked, markAd } from "./adchoices/icon";
import { adsOf, findScripts } from "./adchoices/scripts";
import { guarded } from "./guard";

/** What this script leaves at a script element that has been served. */
const SERVED = CONFIG.brand + "-served";

guarded(() => {
  const own = document.currentScript as HTMLScriptElement | null;
  const serve = guarded(() => {
    const scripts = findScripts(own);
    // The script that runs; where the browser does not tell which, each that is there.
    const isRunning = (script: HTMLScriptElement) => !own || script === own;
    const last = scripts.lastIndexOf(scripts.filter(isRunning).pop()!);
    for (const [place, script] of scripts.entries()) {
      const served = script as unknown as Record<string, boolean>;
      if (served[SERVED]) continue;
      const ads = adsOf(script);
      for (const ad of ads) {
        // A removed script is of a creative that has gone; one that never runs, of a copied ad.
        if ((isRunning(script) && script.isConnected) || !isMarked(ad)) markAd(ad, script.dataset);
      }
      // Of two scripts for one ad, the later in the page is the shown creative's, whichever runs last.
      if (ads.length && place <= last) served[SERVED] = true;
    }
    const lost = scripts.filter(isRunning).filter((script) => !adsOf(script).length);
    // Where a removed script stood, nobody knows, and nothing is shown of it.
    const missed = lost.filter((script) => script.isConnected || script.dataset.for);
    if (scripts.length && !missed.length) return;
    if (document.readyState !== "loading") tellFailure("no element", missed);
    // The ad may stand below its script.
    else addEventListener("DOMContentLoaded", serve, { once: true });
  });
  serve();
})();
