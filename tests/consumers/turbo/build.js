// Turbo needs no build: this writes each page as a server would, and puts Turbo beside them.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const PAGES = {
  index: "Home",
  about: "About",
  search: "Search: tea",
  "items/7": "Item 7",
  "items/8": "Item 8",
  slow: "Slow",
  new: "New",
};

const layout = readFileSync("layout.html", "utf8");
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/items", { recursive: true });
for (const [path, heading] of Object.entries(PAGES))
  writeFileSync(`dist/${path}.html`, layout.replaceAll("{heading}", heading));
copyFileSync("node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js", "dist/turbo.js");
