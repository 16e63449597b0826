/** Entry: the tag beside an ad. It marks the ad with the AdChoices icon, which explains it. */
import { markAd } from "./adchoices/icon";
import { guarded } from "./guard";

guarded(() => {
  const { dataset, parentElement } = document.currentScript as HTMLScriptElement;
  const mark = guarded(() => {
    const ad = dataset.for ? document.getElementById(dataset.for) : parentElement;
    if (ad) markAd(ad, dataset);
    else if (document.readyState !== "loading")
      console.warn(`${CONFIG.brand}-ad: no element`, dataset.for);
    // The ad may stand below its script.
    else addEventListener("DOMContentLoaded", mark);
  });
  mark();
})();
