// Reads the forms in which frameworks take the snippet, and tells, as JSON, what each renders of its own.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { transform as compileAstro } from "@astrojs/compiler";
import React from "react";
import { renderToStaticMarkup, renderToString } from "react-dom/server";
import { compile as compileSvelte } from "svelte/compiler";
import { render as renderSvelte } from "svelte/server";
import { createHead, renderSSRHead } from "unhead/server";

const forms = JSON.parse(readFileSync(0, "utf8"));
const esbuild = createRequire(new URL("../../package.json", import.meta.url))("esbuild");
const scratch = new URL("./node_modules/.forms/", import.meta.url);
mkdirSync(scratch, { recursive: true });

const javascriptOf = (jsx) => esbuild.transformSync(jsx, { loader: "tsx" }).code;

function inReact() {
  const page = javascriptOf(`<html lang="en"><head>${forms.react}<title>T</title></head></html>`);
  return renderToString(new Function("React", `return ${page}`)(React));
}

function inNextScript() {
  const code = javascriptOf(forms["next-script"])
    .replace(/^import .*$/m, "")
    .replace("export ", "");
  const Script = ({ id, children }) =>
    React.createElement("script", { id, dangerouslySetInnerHTML: { __html: children } });
  const made = new Function("React", "Script", `${code}; return Tag`)(React, Script);
  return renderToStaticMarkup(React.createElement(made));
}

async function inNuxt() {
  const config = forms.nuxt.replace("export default", "return");
  const { app } = new Function("defineNuxtConfig", config)((given) => given);
  const head = createHead();
  head.push(app.head);
  return (await renderSSRHead(head)).headTags;
}

async function inAstro() {
  const page = `<html lang="en"><head>${forms.astro}<title>T</title></head></html>`;
  const { code } = await compileAstro(page, { filename: "page.astro" });
  const template = code.slice(code.indexOf("$$render`") + 9, code.lastIndexOf("`;"));
  return new Function("$$renderHead", "$$result", "$$maybeRenderHead", `return \`${template}\``)(
    () => "",
    {},
    () => "",
  );
}

async function inSvelte() {
  const { js } = compileSvelte(forms.svelte, { generate: "server", filename: "Layout.svelte" });
  const file = new URL("Layout.mjs", scratch);
  writeFileSync(file, js.code);
  const { default: Layout } = await import(pathToFileURL(file.pathname).href);
  return (await renderSvelte(Layout)).head;
}

const made = {
  react: inReact(),
  "next-script": inNextScript(),
  nuxt: await inNuxt(),
  astro: await inAstro(),
  svelte: await inSvelte(),
};
process.stdout.write(JSON.stringify(made), () => process.exit());
