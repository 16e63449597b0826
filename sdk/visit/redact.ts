/** What only the client can know: path segments that tell who somebody is, by `[privacy] redact`. */

/** Each as `builder/constants.py` makes it: what stands between the stars is in groups. */
const patterns = () => (CONFIG.privacy.redact || []).map((source) => new RegExp(source, "gi"));

/** `path`, of an address on `host`, with "redacted" in the place of what a star stands for. */
export const redact = (path: string, host: string): string =>
  domain(host) === domain(location.hostname)
    ? patterns().reduce(
        (left, pattern) =>
          left.replace(pattern, (...found: string[]) => found.slice(1, -2).join("redacted")),
        // The same page however it is written; but a slash that is encoded parts no segments.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- ECMAScript, B.2.1.2; it never throws
        path.replace(/%(?!2f)[2-7][\da-f]/gi, unescape),
      )
    : path;

/** Whether an address, as `cleanAddress` returns it, is one of those; then its title tells as much. */
export const isRedacted = (address: string): boolean =>
  patterns().some((pattern) => address.replace(/^[^/]*\/\/[^/]*/, "").search(pattern) >= 0);

/** Without a list of public suffixes: two sites below "co.uk" count as one, which tells less. */
const domain = (host: string): string => host.split(".").slice(-2).join(".");
