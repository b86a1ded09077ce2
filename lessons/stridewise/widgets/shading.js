/** Cells shaded by their numbers: one path for each tone, so that a large grid is drawn fast. */

const TONES = 9; // between the smallest number and the largest

/** From `low` to `high`, darker the larger; `null` stays empty. `faint` leaves numbers legible. */
export function greys(values, [low, high], { faint = false }) {
  if (high <= low) return [];
  const toneAt = (y, x) => (values[y][x] === null ? 0
    : Math.round((TONES * (Math.min(Math.max(values[y][x], low), high) - low)) / (high - low)));
  return shaded([values.length, values[0].length], toneAt).map(([tone, d]) =>
    ({ class: "sw-grey", "fill-opacity": ((faint ? 0.26 : 0.8) * tone / TONES).toFixed(2), d }));
}

/** Each pixel by how many windows read it, darker the more. */
export function shades(rows, columns) {
  const found = shaded([rows.size, columns.size], (y, x) => rows.counts[y] * columns.counts[x]);
  const most = Math.max(...found.map(([reads]) => reads), 1);
  return found.map(([reads, d]) => ({ class: "sw-shade", "fill-opacity": (0.5 * reads / most).toFixed(2), d }));
}

/** Each tone above 0 with a path over its cells; neighbours in a row are one rectangle. */
export function shaded([height, width], toneAt) {
  const paths = new Map();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, end = 0; x < width; x = end) {
      const tone = toneAt(y, x);
      for (end = x + 1; end < width && toneAt(y, end) === tone;) end += 1;
      if (tone > 0) paths.set(tone, `${paths.get(tone) ?? ""}M${x} ${y}h${end - x}v1h${x - end}z`);
    }
  }
  return [...paths];
}
