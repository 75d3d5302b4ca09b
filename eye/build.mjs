/**
 * Builds what browsers load, into a folder of its own: `node build.mjs FOLDER LANDMARKER SOURCE`.
 *
 * LANDMARKER is the path of its model, SOURCE a digest of the sources, kept in the manifest.
 *
 * Every file is compressed beforehand (`.br` and `.gz`; there is no plain one), and has a part of its
 * content's sha256 in its name, so that browsers may keep it for ever. `manifest.json` names them.
 */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const VISION = "node_modules/@mediapipe/tasks-vision/wasm";
const LITERT = "node_modules/@litertjs/core/wasm";

/** Name in the manifest -> the file as its package has it; pins.json has their sha256. */
const COPIED = {
  visionLoader: `${VISION}/vision_wasm_internal.js`,
  visionBinary: `${VISION}/vision_wasm_internal.wasm`,
  litertLoader: `${LITERT}/litert_wasm_internal.js`,
  litertBinary: `${LITERT}/litert_wasm_internal.wasm`,
  litertCompatLoader: `${LITERT}/litert_wasm_compat_internal.js`,
  litertCompatBinary: `${LITERT}/litert_wasm_compat_internal.wasm`,
};

/** Name in the manifest -> its source, and what kind of script it becomes. */
const BUNDLED = {
  component: { source: "src/component.js", format: "esm" },
  engine: { source: "src/engine.js", format: "esm" },
  worker: { source: "src/worker.js", format: "iife" },
};

// Within a few per cent of the best, in a tenth of its time: the best takes a minute.
const BROTLI_QUALITY = 9;
const BROTLI_WINDOW_BITS = 24;

const [folder, landmarker, source] = process.argv.slice(2);

/** @param {string} file */
async function pinned(file) {
  const content = await readFile(path.join(HERE, file));
  const pins = JSON.parse(await readFile(path.join(HERE, "pins.json"), "utf-8"));
  if (sha256(content) !== pins[file]) throw new Error(`${file} is not the file Mien was made with`);
  return content;
}

/** @param {{source: string, format: string}} script */
async function bundled({ source, format }) {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: [source],
    bundle: true,
    format,
    target: "es2022",
    minify: true,
    legalComments: "inline", // the licences of what is bundled
    write: false,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

/**
 * Write a file compressed; returns its name and sizes.
 *
 * @param {string} name such as worker.js
 * @param {Buffer} content
 */
async function put(name, content) {
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}.${sha256(content).slice(0, 12)}${ext}`;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
    [BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const [brotli, gzip] = await Promise.all([
    promisify(zlib.brotliCompress)(content, { params }),
    promisify(zlib.gzip)(content, { level: 9 }),
  ]);
  await writeFile(path.join(folder, `${file}.br`), brotli);
  await writeFile(path.join(folder, `${file}.gz`), gzip);
  return { file, bytes: content.length, br: brotli.length, gz: gzip.length };
}

/** @param {Buffer} content */
function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

await mkdir(folder, { recursive: true });
const contents = [
  ...Object.entries(BUNDLED).map(async ([name, script]) => [name, `${name}.js`, await bundled(script)]),
  ...Object.entries(COPIED).map(async ([name, file]) => [name, path.basename(file), await pinned(file)]),
  ["landmarker", path.basename(landmarker), await readFile(landmarker)],
];
const files = await Promise.all(
  contents.map(async (content) => {
    const [name, file, bytes] = await content;
    return [name, await put(file, bytes)];
  }),
);
await writeFile(
  path.join(folder, "manifest.json"),
  JSON.stringify({ files: Object.fromEntries(files), source }, null, 1) + "\n",
);
