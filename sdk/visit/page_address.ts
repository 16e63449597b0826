/** Which page an address is of: campaign parameters say how somebody came there, and tell no two pages apart. */
import { cleanAddress } from "./address";

/** Whether `parameter`, a name with "=" and more, is one of a campaign. */
const isCampaign = (parameter: string) => !parameter.search(CONFIG.measure.campaign);

/** The same for the same page. Only to compare: two orders are two pages, though nobody may be told their numbers. */
export const identifyPage = (address: string): string =>
  cleanAddress(address, (text) =>
    CONFIG.measure.campaign
      ? text
          .split(/[?&]|(?=#)/)
          .filter((part) => !isCampaign(part))
          .join()
      : text,
  );

/** `address` as it may be sent, with the campaign that the page was opened with. */
export function addCampaign(address: string, opened: string): string {
  const url = new URL(address);
  if (CONFIG.measure.campaign)
    for (const [name, value] of new URL(opened).searchParams)
      if (isCampaign(name + "=")) url.searchParams.set(name, value);
  return cleanAddress(url.href);
}
