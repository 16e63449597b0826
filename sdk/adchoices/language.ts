/** Which language of those that there are: the one that stands first among those that are wanted. */

/**
 * What `find` has in the first of the wanted languages that it has anything in; `fr` will do for
 * `fr-BE`. It is given languages in small letters.
 */
export function inBestLanguage<Found>(
  wanted: readonly string[],
  find: (language: string) => Found | undefined,
): Found | undefined {
  for (const wish of wanted) {
    const language = wish.toLowerCase();
    const found = find(language) || find(language.replace(/-.*/, ""));
    if (found) return found;
  }
  return undefined;
}
