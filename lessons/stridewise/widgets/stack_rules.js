/**
 * A stack of layers, row by row: output shape, parameters and the working behind them.
 *
 * The layers are Keras's, by Keras's arguments; shapes are written without the batch. A test
 * compares these rows with `stridewise.Network`, which another test compares with Keras.
 */

import { thousands } from "./dom.js";
import { clash, misfit, outputSize } from "./shapes.js";

/** What each type of layer does to a shape, and its parameters with their working. */
const RULES = {
  Conv2D: (layer, shape) => {
    const [height, width] = layer.kernel_size;
    const bias = layer.use_bias ? " + 1" : "";
    return {
      shape: [...slid(layer, layer.kernel_size, shape), layer.filters],
      parameters: (height * width * shape[2] + (layer.use_bias ? 1 : 0)) * layer.filters,
      working: `(${height} · ${width} · ${shape[2]}${bias}) · ${layer.filters}`,
    };
  },
  MaxPooling2D: (layer, shape) => pooled(layer, shape),
  AveragePooling2D: (layer, shape) => pooled(layer, shape),
  GlobalAveragePooling2D: (_, shape) => nothing([shape[2]], "one mean for each channel"),
  GlobalMaxPooling2D: (_, shape) => nothing([shape[2]], "one maximum for each channel"),
  Flatten: (_, shape) =>
    nothing([shape.reduce((product, n) => product * n, 1)], `${shape.join(" · ")} in one line`),
  Dropout: (_, shape) => nothing(shape, "the same shape"),
  Dense: (layer, shape) => {
    const inputs = shape[shape.length - 1];
    return {
      shape: [...shape.slice(0, -1), layer.units],
      parameters: (inputs + (layer.use_bias ? 1 : 0)) * layer.units,
      working: `(${thousands(inputs)}${layer.use_bias ? " + 1" : ""}) · ${layer.units}`,
    };
  },
};

function nothing(shape, working) {
  return { shape, parameters: 0, working };
}

function pooled(layer, shape) {
  return nothing([...slid(layer, layer.pool_size, shape), shape[2]], "a window, no weights");
}

/** The window's arguments on each axis, as the shape rules take them. */
export function layerAxes(layer, kernel_size, [height, width]) {
  return [height, width].map((size, i) => ({ size, kernel_size: kernel_size[i],
    strides: layer.strides[i], padding: layer.padding,
    dilation_rate: layer.dilation_rate?.[i] ?? 1 }));
}

function slid(layer, kernel_size, shape) {
  return layerAxes(layer, kernel_size, shape).map(outputSize);
}

/** Whether a layer has a padding and strides to change. */
export function slides(layer) {
  return layer.padding !== undefined;
}

const NEEDS_MAPS = /2D$/;
const MAPS = 3; // axes: height, width, channels

/**
 * Why `layer` cannot take `shape`, and what to do; null when it can. `tight` says that zeros help.
 * @returns {{why: string, fits: string, tight?: boolean} | null}
 */
function obstacle(layer, shape) {
  if (NEEDS_MAPS.test(layer.type) && shape.length !== MAPS) {
    return { why: `${layer.type} reads maps, and ${shape.length === 1 ? "one line of numbers" : "another shape"} arrives`,
      fits: "Put it before Flatten" };
  }
  if (!slides(layer)) return null;
  const word = layer.pool_size ? "pool_size" : "kernel_size";
  const sizes = layer.pool_size ?? layer.kernel_size;
  const tight = layerAxes(layer, sizes, shape).find(misfit);
  if (tight) {
    const most = Math.floor((tight.size - 1) / tight.dilation_rate) + 1;
    return { tight: true, why: `${word}=${tight.kernel_size} is wider than the ${tight.size === 1 ? "1 pixel that arrives" : `${tight.size} pixels that arrive`}`,
      fits: `What fits: ${word} ${most === 1 ? "1" : `1 to ${most}`}, padding="same", or smaller strides in a layer above` };
  }
  const refused = clash(layer.strides, layer.dilation_rate ?? [1]);
  return refused ? { why: refused.split(";")[0], fits: "Set one of them back to 1" } : null;
}

/** The rows of a stack; rows after a layer that cannot be built are only marked as waiting. */
export function stackRows({ input_shape, layers }) {
  let shape = input_shape;
  let stopped = "";
  return layers.map((layer) => {
    if (stopped) return { layer, waits: stopped };
    const problem = obstacle(layer, shape);
    if (problem) {
      stopped = layer.name;
      return { layer, problem };
    }
    const row = { layer, input: shape, ...RULES[layer.type](layer, shape) };
    shape = row.shape;
    return row;
  });
}

/** The sum of the parameters, or null when the stack cannot be built. */
export function stackTotal(rows) {
  if (rows.some((row) => row.shape === undefined)) return null;
  return rows.reduce((sum, row) => sum + row.parameters, 0);
}
