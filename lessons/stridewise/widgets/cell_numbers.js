/** The numbers in the cells of a grid: a path for each size of numeral, whatever many cells there are. */

import { numeralPath } from "./numerals.js";

const BASELINE = 0.71; // below the upper edge of a cell
/** The size of numerals, in cells, by how many signs a number has; longer ones are as small as the last. */
const NUMERAL_SIZES = [0.58, 0.58, 0.58, 0.46, 0.4, 0.31];

/**
 * The paths of `cells`; those with a halo can be read on the hatching.
 * @param {{x: number, y: number, words: string, halo?: boolean}[]} cells
 * @returns {object[]} the attributes of each
 */
export function numberPaths(cells) {
  const found = new Map();
  for (const { x, y, words, halo } of cells) {
    const size = NUMERAL_SIZES[Math.min(words.length, NUMERAL_SIZES.length - 1)];
    const key = `${size}${halo ? " halo" : ""}`;
    if (!found.has(key)) found.set(key, { size, halo, all: [] });
    found.get(key).all.push({ words, x: x + 0.5, y: y + BASELINE });
  }
  return [...found.values()].flatMap(({ size, halo, all }) => {
    const d = numeralPath(all, size);
    const path = { class: "sw-numeral", "stroke-width": 0.045 + 0.04 * size, d };
    return halo ? [{ class: "sw-numeral sw-halo", d }, path] : [path];
  });
}
