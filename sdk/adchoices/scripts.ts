/** Script elements that ask for the icon, and the ads that each of them is for. */

/**
 * Every element of the running script, in the order of the page. `own` is the one that runs, or null
 * where the browser does not tell: in a shadow tree and in a module
 * (https://html.spec.whatwg.org/#dom-document-currentscript).
 */
export function findScripts(own: HTMLScriptElement | null): HTMLScriptElement[] {
  // Only the stack names the script's address then.
  const stack = own ? "" : String(new Error().stack);
  // An ad server adds a number of its own to each.
  const bare = (address: string) => address.replace(/[?#].*/, "");
  const isOurs = ({ src, type }: HTMLScriptElement) =>
    // A banner holds a script back by its type until there is consent.
    /^$|javascript|module/.test(type) &&
    (own ? bare(src) === bare(own.src) : stack.includes(bare(src)));
  const found: HTMLScriptElement[] = [];
  for (const tree of own ? [document] : treesIn(document)) {
    found.push(...[...tree.querySelectorAll<HTMLScriptElement>("script[src]")].filter(isOurs));
  }
  return own && !found.includes(own) ? [...found, own] : found;
}

/** A tree and the open shadow trees in it. */
function treesIn(tree: ParentNode): ParentNode[] {
  const trees = [tree];
  for (const { shadowRoot } of tree.querySelectorAll("*")) {
    if (shadowRoot) trees.push(...treesIn(shadowRoot));
  }
  return trees;
}

/** All elements of the id that it names, for a carousel copies ids as well; else what it stands in. */
export function adsOf(script: HTMLScriptElement): Element[] {
  const { dataset, parentNode } = script;
  if (!dataset.for) {
    const ad = parentNode instanceof ShadowRoot ? parentNode.host : script.parentElement;
    return ad ? [ad] : [];
  }
  const named = "#" + CSS.escape(dataset.for);
  const near = (script.getRootNode() as ParentNode).querySelectorAll(named);
  return [...(near.length ? near : document.querySelectorAll(named))];
}
