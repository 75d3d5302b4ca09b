/** The expression model, run by LiteRT. */

import { Tensor, loadAndCompile, loadLiteRt, supportsFeature } from "@litertjs/core";

/** @typedef {{loader: string, binary: string}} Runtime */

/**
 * Open a model. Its file reads one face at a time.
 *
 * @param {object} files
 * @param {Runtime} files.fast needs relaxed SIMD
 * @param {Runtime} files.compatible
 * @param {string} files.model address of the file
 * @param {{sizePx: number, interpolation: "bilinear" | "cubic"}} input
 * @returns {Promise<import("./face.js").ExpressionModel>}
 */
export async function openExpressionModel({ fast, compatible, model }, { sizePx, interpolation }) {
  await loadRuntime((await supportsFeature("relaxedSimd")) ? fast : compatible);
  const compiled = await loadAndCompile(model, { accelerator: "wasm" });
  return {
    sizePx,
    interpolation,
    async outputs(face) {
      const input = new Tensor(face, [1, sizePx, sizePx, 1]);
      try {
        const [output] = await compiled.run([input]);
        const values = Array.from(/** @type {Float32Array} */ (await output.data()));
        output.delete();
        return values;
      } finally {
        input.delete();
      }
    },
  };
}

/** @type {Promise<unknown> | null} */
let loading = null;

/** @param {Runtime} runtime */
async function loadRuntime({ loader, binary }) {
  // The loader asks `Module` where its binary is, and takes it away afterwards.
  loading ??= (() => {
    Object.assign(globalThis, { Module: { locateFile: () => binary } });
    return loadLiteRt(loader);
  })();
  await loading;
}
