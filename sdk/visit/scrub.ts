/** Who somebody is, taken out of any text before it leaves the page: e-mail addresses and long tokens. */

const enum Characters {
  /** Of a text that is looked through, and far more than leaves: nothing is sent that was cut in half. */
  MOST = 20000,
}

/**
 * Around an "@", however often encoded, all goes up to white space or what separates an address's parts:
 * a local part may hold any letter, and in quotes spaces as well (RFC 5321, 4.1.2; RFC 6531).
 */
export function scrub(text: string): string {
  return text.slice(0, Characters.MOST).replace(/[?&]\w+=|("[^"]*"|[^\s/?&#])+/g, (part) =>
    /(@|%(25)*40)./.test(part)
      ? "redacted"
      : part.replace(/([\w+-]|%(25)*2[bf]){16,}|%(25)*../gi, (run) =>
          // Random letters and digits change places every few characters; in words, dates and product
          // numbers they keep together, and a capital stands first.
          run.split(/\d(?=[A-Za-z])|[A-Za-z](?=\d)|[a-z](?=[A-Z])/).length > 3 + run.length / 12
            ? "redacted"
            : run,
        ),
  );
}
