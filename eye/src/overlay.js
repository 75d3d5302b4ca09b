/** Draws boxes and labels over the local video, as core/vision/overlay.py draws them on frames. */

/** @typedef {import("./shown.js").ShownFace} ShownFace */
/** @typedef {{faces: string[], unusable: string}} Colours */

const LINE_PX = 2;
const PADDING_PX = 4;

/**
 * @param {HTMLCanvasElement} canvas its pixels are made those of the frame
 * @param {{width: number, height: number}} frame
 * @param {readonly ShownFace[]} faces
 * @param {Colours} colours
 */
export function drawOverlay(canvas, { width, height }, faces, colours) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, width, height);
  context.lineWidth = LINE_PX;
  context.font = `${width <= 960 ? 14 : 20}px sans-serif`;
  faces.forEach((face, number) => {
    const colour = face.usable ? colours.faces[number % colours.faces.length] : colours.unusable;
    [context.strokeStyle, context.fillStyle] = [colour, colour];
    if (face.usable) drawBox(context, face.box);
    else drawCorners(context, face.box);
    if (face.text) drawLabel(context, face);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ShownFace["box"]} box
 */
function drawBox(context, [left, top, right, bottom]) {
  context.strokeRect(left, top, right - left, bottom - top);
}

/**
 * Corners only: an unusable face looks different even without its colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ShownFace["box"]} box
 */
function drawCorners(context, [left, top, right, bottom]) {
  const arm = Math.max(6, (right - left) / 5);
  context.beginPath();
  for (const [x, y, alongX, alongY] of [
    [left, top, 1, 1],
    [right, top, -1, 1],
    [left, bottom, 1, -1],
    [right, bottom, -1, -1],
  ]) {
    context.moveTo(x + alongX * arm, y);
    context.lineTo(x, y);
    context.lineTo(x, y + alongY * arm);
  }
  context.stroke();
}

/**
 * A label inside the picture, also where the box is not.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ShownFace} face
 */
function drawLabel(context, { box: [left, top], text }) {
  const wide = context.measureText(text).width + 2 * PADDING_PX;
  const high = parseInt(context.font, 10) + 2 * PADDING_PX;
  const x = Math.min(Math.max(left, 0), Math.max(0, context.canvas.width - wide));
  const y = Math.max(top - high, 0);
  context.fillRect(x, y, wide, high);
  context.fillStyle = "#FFFFFF";
  context.textBaseline = "middle";
  context.fillText(text, x + PADDING_PX, y + high / 2);
}
