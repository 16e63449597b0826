/** Elements made node by node: under Trusted Types no text becomes HTML. */
import { attempt } from "../guard";

/** A drawing as the build reads it from an SVG file: name, attributes, and what is inside. */
export type Drawing = readonly [string, Readonly<Record<string, string>>, ...Drawing[]];

export type Attributes = Readonly<Record<string, string>>;

/** An HTML element with these attributes and children. */
export function make(
  name: string,
  attributes: Attributes,
  children: (Node | string)[],
  namespace = "http://www.w3.org/1999/xhtml",
): HTMLElement {
  const element = document.createElementNS(namespace, name) as HTMLElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** An SVG element, sharp at every pixel density and without a network. */
export function draw([name, attributes, ...inside]: Drawing): HTMLElement {
  return make(name, attributes, inside.map(draw), "http://www.w3.org/2000/svg");
}

/**
 * A constructed sheet is not subject to the page's `style-src`; Safari has it since 16.4, and Chrome a
 * list of them that takes one more since 99.
 */
export function dress(root: ShadowRoot, style: string): void {
  const isAdopted = attempt(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    return root.adoptedStyleSheets.push(sheet);
  });
  if (!isAdopted) root.append(make("style", {}, [style]));
}
