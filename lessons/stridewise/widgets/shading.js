/** Cells shaded by their numbers: how dark each is, and paths over the cells of one darkness. */

const TONES = 9; // between the smallest number and the largest

/**
 * @typedef {{cells: Uint8Array, steps: number, most: number}} Sheet a step of 0 to `steps` for each cell
 *   of a grid, row by row, and how opaque the last of them is
 */

/** A sheet without a coloured cell. */
export function blank([height, width]) {
  return { cells: new Uint8Array(height * width), steps: 1, most: 0 };
}

/** The larger a number between `low` and `high`, the stronger its colour; `null` has none. `faint` leaves numbers legible. */
export function greys(values, [low, high], { faint = false }) {
  const size = [values.length, values[0].length];
  if (high <= low) return blank(size);
  const tones = TONES / (high - low);
  return { steps: TONES, most: faint ? 0.26 : 0.8, cells: steppedCells(size, (y, x) => {
    const value = values[y][x];
    return value === null ? 0 : Math.round(tones * (Math.min(Math.max(value, low), high) - low));
  }) };
}

/** The more windows read a pixel, the stronger its colour. */
export function shades(rows, columns) {
  const most = Math.max(...rows.counts) * Math.max(...columns.counts);
  return { steps: Math.max(most, 1), most: 0.5,
    cells: steppedCells([rows.size, columns.size], (y, x) => rows.counts[y] * columns.counts[x]) };
}

function steppedCells([height, width], stepAt) {
  const cells = new Uint8Array(height * width);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) cells[at] = stepAt(y, x);
  }
  return cells;
}

/** A path for each step above 0 over its cells; neighbours in a row are one rectangle. */
export function sheetPaths(name, { cells, steps, most }, [height, width]) {
  const paths = new Map();
  for (let y = 0; y < height; y += 1) {
    const row = cells.subarray(y * width, (y + 1) * width);
    for (let x = 0, end = 0; x < width; x = end) {
      for (end = x + 1; end < width && row[end] === row[x];) end += 1;
      if (row[x]) paths.set(row[x], `${paths.get(row[x]) ?? ""}M${x} ${y}h${end - x}v1h${x - end}z`);
    }
  }
  return [...paths].map(([step, d]) => ({ class: name, "fill-opacity": ((most * step) / steps).toFixed(2), d }));
}
