// Bundles the browser libraries and the server's FEEL engine into the Python packages.
import { build } from "esbuild";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as sass from "sass";

const pages = "web/static/dist";
const feel = "engine/feel/dist";
for (const folder of [pages, feel]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

const common = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };

await build({
  ...common,
  entryPoints: { app: "frontend/app.js", viewer: "frontend/viewer.js" },
  outdir: pages,
  format: "esm",
  splitting: true,
  legalComments: "linked",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
});

await build({
  ...common,
  entryPoints: { feelin: "frontend/feelin.js" },
  outdir: feel,
  format: "iife",
  globalName: "feelin",
  legalComments: "eof",
});

for (const name of ["base", "embedded"]) {
  const compiled = sass.compile(`frontend/${name}.scss`, { style: "compressed", loadPaths: ["node_modules"], quietDeps: true });
  writeFileSync(`${pages}/${name}.css`, compiled.css);
}
