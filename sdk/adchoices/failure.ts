/** An ad without an icon is told of: to who looks into the console, and to the collector. */

/** Tells once by each way; `failure` is "no element" or "covered". */
export function tellFailure(failure: string, where: unknown): void {
  console.warn(`${CONFIG.brand}-ad: ${failure}`, where);
  const image = new Image();
  // The page's address is nobody's business, whatever policy the page has.
  image.referrerPolicy = "origin";
  image.src = `${CONFIG.collector}/pixel.gif?site=${CONFIG.site}&e=adchoices&failure=${encodeURIComponent(failure)}`;
}
