"""The example page in the archive of a format for browsers, where LiteRT runs in JavaScript.

It is a text, as it runs where Mien is not installed. It reads what differs between models from
`preprocessing.json`, and scores a face of the model's size as `example.py` does.
"""

from __future__ import annotations

BROWSER_EXAMPLE_FILE = "example.html"

LITERT_JS = "@litertjs/core@2.5.3"
"""The npm package, in the version the example was tried with."""

_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Score the expression of a face</title>
<!--
  npm install {package}
  python -m http.server --bind 127.0.0.1 8000
  Open http://localhost:8000/example.html and choose a picture of one face, cropped as
  preprocessing.json says under "face". Everything runs in the browser; nothing is uploaded.
-->
<script type="importmap">
{{"imports": {{
  "@litertjs/core": "./node_modules/@litertjs/core/dist/index.js",
  "@litertjs/wasm-utils": "./node_modules/@litertjs/wasm-utils/dist/index.js"
}}}}
</script>
<input type="file" accept="image/*">
<pre></pre>
<script type="module">
import {{ loadAndCompile, loadLiteRt, Tensor }} from "@litertjs/core";

const about = await (await fetch("preprocessing.json")).json();
await loadLiteRt("./node_modules/@litertjs/core/wasm/");
const model = await loadAndCompile("{file}", {{ accelerator: "wasm" }});

/** The middle square of a picture at the model's size, as RGBA bytes. */
async function pixelsOf(file) {{
  const picture = await createImageBitmap(file);
  const size = about.face.size_px;
  const side = Math.min(picture.width, picture.height);
  const canvas = new OffscreenCanvas(size, size).getContext("2d");
  canvas.imageSmoothingQuality = "high";
  canvas.drawImage(picture, Math.floor((picture.width - side) / 2),
    Math.floor((picture.height - side) / 2), side, side, 0, 0, size, size);
  return canvas.getImageData(0, 0, size, size).data;
}}

/** The values of one pixel in the model's order of channels, 0 to 255. */
function channelsOf(rgb) {{
  if (about.input.channels === 1) {{
    return [Math.floor((19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 0x8000) / 65536)];
  }}
  return about.input.colour_order === "bgr" ? [...rgb].reverse() : [...rgb];
}}

/** Pixels as the model's input, float32, one picture in a batch. */
function inputOf(pixels) {{
  const {{ channels, factor, shift, layout, shape }} = about.input;
  const count = pixels.length / 4;
  const input = new Float32Array(count * channels);
  for (let pixel = 0; pixel < count; pixel += 1) {{
    channelsOf(pixels.subarray(4 * pixel, 4 * pixel + 3)).forEach((value, channel) => {{
      const at = layout === "nchw" ? channel * count + pixel : pixel * channels + channel;
      input[at] = (value / 255) * factor[channel] + shift[channel];
    }});
  }}
  return new Tensor(input, shape);
}}

/** The model's outputs as logits, one for each label. */
function logitsOf(outputs) {{
  const {{ kind, columns }} = about.output;
  let logits = [...outputs];
  if (kind === "share") {{
    const share = Math.min(1, Math.max(0, logits[0]));
    logits = [1 - share, share];
  }}
  if (kind === "sigmoids") {{
    logits = logits.map((one) => Math.min(1 - 1e-7, Math.max(1e-7, one)));
    logits = logits.map((one) => Math.log(one / (1 - one)));
  }} else if (kind !== "logits") {{
    logits = logits.map((one) => Math.log(Math.max(1e-7, one)));
  }}
  return columns.length ? columns.map((column) => logits[column]) : logits;
}}

/** Calibrated scores, one for each label. */
function scoresOf(outputs) {{
  const logits = logitsOf(outputs).map((one) => one / about.output.temperature);
  const raised = logits.map((one) => Math.exp(one - Math.max(...logits)));
  const sum = raised.reduce((total, one) => total + one);
  return about.output.labels.map((label, at) => [label, raised[at] / sum]);
}}

document.querySelector("input").addEventListener("change", async (event) => {{
  const input = inputOf(await pixelsOf(event.target.files[0]));
  const [output] = await model.run(input);
  const scores = scoresOf(await output.data()).sort((one, other) => other[1] - one[1]);
  input.delete();
  output.delete();
  const lines = scores.map(([label, score]) => `${{label.padEnd(12)}} ${{score.toFixed(4)}}`);
  if (scores[0][1] < about.output.not_sure_below) {{
    lines.push("not sure: no score is high enough to say one of them");
  }}
  document.querySelector("pre").textContent = lines.join("\\n");
}});
</script>
"""


def browser_example_for(file: str) -> str:
    """The source of `example.html`.

    Args:
        file: the model's file beside the example.
    """
    return _PAGE.format(file=file, package=LITERT_JS)
