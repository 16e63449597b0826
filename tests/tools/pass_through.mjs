// Reads a page and tells, as JSON, what each tool that parses HTML makes of it.
import { readFileSync } from "node:fs";
import minifyHtml from "@minify-html/node";
import swc from "@swc/html";
import * as cheerio from "cheerio";
import createPurifier from "dompurify";
import { Window } from "happy-dom";
import { minify as minifyByTerser } from "html-minifier-terser";
import { JSDOM } from "jsdom";
import { parseHTML } from "linkedom";
import { parse as parseLoosely } from "node-html-parser";
import * as parse5 from "parse5";
import * as prettier from "prettier";

const page = readFileSync(0, "utf8");
const PURIFIED = {
  WHOLE_DOCUMENT: true,
  ADD_TAGS: ["script", "noscript", "link", "meta", "title", "head"],
  ADD_ATTR: ["as", "charset", "content", "href", "media", "nonce", "rel", "referrerpolicy"],
  FORCE_BODY: false,
};

function inHappyDom() {
  const window = new Window();
  window.document.write(page);
  return `<!doctype html>${window.document.documentElement.outerHTML}`;
}

function purify(options) {
  const purifier = createPurifier(new JSDOM("").window);
  return `<!doctype html>${purifier.sanitize(page, options)}`;
}

const tools = {
  "@minify-html/node": () => minifyHtml.minify(Buffer.from(page), {}).toString(),
  "@swc/html": () => swc.minifySync(page).code,
  "@swc/html, as a fragment": () => swc.minifyFragmentSync(page).code,
  "cheerio": () => cheerio.load(page).html(),
  "cheerio, without scripting": () => cheerio.load(page, { scriptingEnabled: false }).html(),
  "dompurify": () => purify(PURIFIED),
  "dompurify, without noscript": () =>
    purify({ ...PURIFIED, ADD_TAGS: ["script", "link", "meta", "title", "head"] }),
  "dompurify, of a body": () => purify({ ...PURIFIED, WHOLE_DOCUMENT: false }),
  "happy-dom": inHappyDom,
  "html-minifier-terser": () =>
    minifyByTerser(page, {
      collapseWhitespace: true,
      minifyCSS: true,
      minifyJS: true,
      removeAttributeQuotes: true,
      removeComments: true,
      removeOptionalTags: true,
    }),
  "jsdom": () => new JSDOM(page).serialize(),
  "linkedom": () => parseHTML(page).document.toString(),
  "node-html-parser": () => parseLoosely(page, { comment: true }).toString(),
  "parse5": () => parse5.serialize(parse5.parse(page)),
  "parse5, without scripting": () =>
    parse5.serialize(parse5.parse(page, { scriptingEnabled: false })),
  "prettier": () => prettier.format(page, { parser: "html" }),
};

const made = {};
for (const [tool, run] of Object.entries(tools)) made[tool] = await run();
process.stdout.write(JSON.stringify(made), () => process.exit());
