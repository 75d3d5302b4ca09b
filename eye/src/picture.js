/**
 * Pictures as arrays of bytes, and how they are sampled: to the pixel what OpenCV 5 does for
 * `core/vision/faces/crop.py`.
 */

/**
 * @typedef {object} Picture
 * @property {Uint8Array | Uint8ClampedArray} data rows of pixels, red first
 * @property {number} width in pixels
 * @property {number} height in pixels
 * @property {number} channels bytes of one pixel: 3, or 4 with an alpha that is not read
 */

/** @typedef {readonly [number, number, number, number, number, number]} Affine
 * a, b, c, d, e, f: x' = a x + b y + c, y' = d x + e y + f */

const { fround, min, max } = Math;

/**
 * The pixels of a canvas as a picture; nothing is copied.
 *
 * @param {{data: Uint8ClampedArray, width: number, height: number}} image
 * @returns {Picture}
 */
export function pictureOf({ data, width, height }) {
  return { data, width, height, channels: 4 };
}

/**
 * A square part of a picture, enlarged or made smaller: OpenCV's `warpAffine` with replicated border.
 *
 * @param {Picture} picture
 * @param {Affine} affine from the picture to the part
 * @param {number} sizePx side of the part
 * @param {"bilinear" | "cubic"} interpolation
 * @returns {Picture} with three channels
 */
export function warp(picture, affine, sizePx, interpolation) {
  const inverse = inverted(affine);
  const sample = interpolation === "cubic" ? cubic : linear;
  const data = new Uint8Array(sizePx * sizePx * 3);
  const pixel = new Float64Array(3);
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      sample(picture, inverse, x, y, pixel);
      const at = (y * sizePx + x) * 3;
      for (let channel = 0; channel < 3; channel++) data[at + channel] = byte(pixel[channel]);
    }
  }
  return { data, width: sizePx, height: sizePx, channels: 3 };
}

/**
 * A part of a picture, averaged in square blocks: OpenCV's `resize` with INTER_AREA.
 *
 * @param {Picture} picture
 * @param {{left: number, top: number, wide: number, high: number, block: number}} part its upper
 *     left corner in pixels, its size in blocks, and the side of a block in pixels
 * @returns {Picture} with three channels, a pixel for each block
 */
export function averaged(picture, { left, top, wide, high, block }) {
  const data = new Uint8Array(wide * high * 3);
  const area = block * block;
  const share = fround(1 / area);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let down = 0; down < block; down++) {
          const row = (top + y * block + down) * picture.width + left + x * block;
          for (let across = 0; across < block; across++) {
            sum += picture.data[(row + across) * picture.channels + channel];
          }
        }
        // OpenCV adds four pixels as integers, more of them as fractions.
        data[(y * wide + x) * 3 + channel] = block === 2 ? (sum + 2) >> 2 : byte(fround(sum * share));
      }
    }
  }
  return { data, width: wide, height: high, channels: 3 };
}

/**
 * Luma in [0, 1], a number for each pixel: OpenCV's RGB2GRAY.
 *
 * @param {Picture} picture
 * @returns {Float32Array}
 */
export function grey({ data, width, height, channels }) {
  const luma = new Float32Array(width * height);
  for (let at = 0; at < luma.length; at++) {
    const [red, green, blue] = [data[at * channels], data[at * channels + 1], data[at * channels + 2]];
    luma[at] = fround((red * 9798 + green * 19235 + blue * 3735 + 16384) >> 15) / 255;
  }
  return luma;
}

/** @typedef {(picture: Picture, inverse: Affine, x: number, y: number, pixel: Float64Array) => void} Sample */

/** @type {Sample} */
function linear(picture, [a, b, c, d, e, f], x, y, pixel) {
  // Float32 and fused, as OpenCV computes it: the last digit decides how a half is rounded.
  const sourceX = fround(x * fround(a) + fround(y * fround(b) + fround(c)));
  const sourceY = fround(x * fround(d) + fround(y * fround(e) + fround(f)));
  const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
  const [across, down] = [fround(sourceX - left), fround(sourceY - top)];
  for (let channel = 0; channel < 3; channel++) {
    const upper = mixed(at(picture, left, top, channel), at(picture, left + 1, top, channel), across);
    const lower = mixed(
      at(picture, left, top + 1, channel),
      at(picture, left + 1, top + 1, channel),
      across,
    );
    pixel[channel] = mixed(upper, lower, down);
  }
}

/** @type {Sample} */
function cubic(picture, [a, b, c, d, e, f], x, y, pixel) {
  const [sourceX, sourceY] = [x * a + y * b + c, x * d + y * e + f];
  const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
  const across = cubicWeights(sourceX - left);
  const down = cubicWeights(sourceY - top);
  pixel.fill(0);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const weight = down[row] * across[column];
      for (let channel = 0; channel < 3; channel++) {
        pixel[channel] += weight * at(picture, left + column - 1, top + row - 1, channel);
      }
    }
  }
}

/**
 * Weights of four neighbours, by Keys 1981 with a = -0.75, as in OpenCV.
 *
 * @param {number} t distance from the second of them, in [0, 1)
 */
function cubicWeights(t) {
  const a = -0.75;
  const first = ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a;
  const second = ((a + 2) * t - (a + 3)) * t * t + 1;
  const third = ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1;
  return [first, second, third, 1 - first - second - third];
}

/**
 * @param {number} one
 * @param {number} other
 * @param {number} share of the other
 */
function mixed(one, other, share) {
  return fround(share * fround(other - one) + one);
}

/**
 * One byte; outside the picture that of its nearest edge.
 *
 * @param {Picture} picture
 * @param {number} x
 * @param {number} y
 * @param {number} channel
 */
function at({ data, width, height, channels }, x, y, channel) {
  const column = min(max(x, 0), width - 1);
  const row = min(max(y, 0), height - 1);
  return data[(row * width + column) * channels + channel];
}

/**
 * A number as a byte, halves rounded to even.
 *
 * @param {number} value
 */
function byte(value) {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  const rounded = isHalf ? below + (below & 1) : Math.round(value);
  return min(max(rounded, 0), 255);
}

/**
 * @param {Affine} affine
 * @returns {Affine}
 */
function inverted([a, b, c, d, e, f]) {
  const share = 1 / (a * e - b * d);
  const [a2, b2, d2, e2] = [e * share, -b * share, -d * share, a * share];
  return [a2, b2, -a2 * c - b2 * f, d2, e2, -d2 * c - e2 * f];
}
