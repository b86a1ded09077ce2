/**
 * Numbers as lines that a pen would draw, so that all numbers of a grid are one SVG path.
 *
 * A browser lays out SVG text sign by sign, which for a full grid takes longer than all else in it.
 * A path costs it almost nothing, and has the colours and the sharpness of the other drawings.
 */

const CAPITAL = 0.72; // of a numeral, for a size of 1
const BETWEEN = 0.17; // between two signs, for a height of 1
const DIGIT_WIDTH = 0.56; // the width of a numeral, for a height of 1

/** Each sign's lines from its upper left corner, for a height of 1, and its width. */
const NUMERALS = {
  0: [DIGIT_WIDTH, "m.28 0c.2 0 .28 .22 .28 .5s-.08 .5 -.28 .5s-.28 -.22 -.28 -.5s.08 -.5 .28 -.5z"],
  1: [DIGIT_WIDTH, "m.07 .2l.25 -.2v1"],
  2: [DIGIT_WIDTH, "m.02 .27c0 -.16 .1 -.27 .26 -.27s.26 .1 .26 .26c0 .2 -.18 .36 -.53 .74h.56"],
  3: [DIGIT_WIDTH, "m.03 .14c.06 -.09 .14 -.14 .25 -.14c.15 0 .25 .1 .25 .24c0 .14 -.1 .23 -.27 .23" +
    "c.18 0 .3 .1 .3 .26c0 .17 -.12 .27 -.29 .27c-.12 0 -.21 -.05 -.27 -.14"],
  4: [DIGIT_WIDTH, "m.42 1v-1l-.42 .7h.57"],
  5: [DIGIT_WIDTH, "m.5 0h-.4l-.04 .43c.06 -.05 .13 -.08 .22 -.08c.17 0 .28 .13 .28 .32c0 .2 -.12 .33 -.3 .33" +
    "c-.11 0 -.19 -.05 -.25 -.13"],
  6: [DIGIT_WIDTH, "m.48 .06c-.04 -.04 -.1 -.06 -.17 -.06c-.2 0 -.31 .2 -.31 .55c0 .3 .1 .45 .28 .45" +
    "c.17 0 .28 -.13 .28 -.31c0 -.18 -.11 -.3 -.27 -.3c-.14 0 -.25 .1 -.28 .24"],
  7: [DIGIT_WIDTH, "m0 0h.56l-.34 1"],
  8: [DIGIT_WIDTH, "m.28 .46c-.15 0 -.24 -.1 -.24 -.23s.1 -.23 .24 -.23s.24 .1 .24 .23s-.09 .23 -.24 .23" +
    "c-.17 0 -.28 .11 -.28 .27s.11 .27 .28 .27s.28 -.11 .28 -.27s-.11 -.27 -.28 -.27z"],
  9: [DIGIT_WIDTH, "m.08 .94c.04 .04 .1 .06 .17 .06c.2 0 .31 -.2 .31 -.55c0 -.3 -.1 -.45 -.28 -.45" +
    "c-.17 0 -.28 .13 -.28 .31c0 .18 .11 .3 .27 .3c.14 0 .25 -.1 .28 -.24"],
  "−": [DIGIT_WIDTH, "m.04 .55h.48"],
  "–": [DIGIT_WIDTH, "m.08 .55h.4"],
  ".": [0.1, "m.05 1h.001"],
  "·": [0.3, "m.08 .55c0 -.09 .14 -.09 .14 0s-.14 .09 -.14 0z"],
  m: [0.84, "m.06 1v-.64m0 .22c.02 -.3 .36 -.3 .36 0v.42m0 -.42c.02 -.3 .36 -.3 .36 0v.42"],
  a: [0.56, "m.48 .36v.64m0 -.32c0 -.42 -.44 -.42 -.44 0s.44 .42 .44 0"],
  x: [0.5, "m.06 .36l.4 .64m0 -.64l-.4 .64"],
};

const writtenBefore = new Map(); // the lines of words that have been written before

/** The lines of `words` in a size, from the middle of their base line. */
function linesOf(words, size) {
  const key = `${size} ${words}`;
  if (!writtenBefore.has(key)) {
    const height = CAPITAL * size;
    const signs = [...words].map((sign) => NUMERALS[sign]);
    const width = signs.reduce((sum, [wide]) => sum + wide + BETWEEN, -BETWEEN);
    let left = -width / 2;
    writtenBefore.set(key, signs.map(([wide, lines]) => {
      const place = [shortened(left * height), shortened(-height)];
      left += wide + BETWEEN;
      return [place, lines.replace(/-?\d*\.?\d+/g, (number) => shortened(number * height))];
    }));
  }
  return writtenBefore.get(key);
}

function shortened(number) {
  return Math.round(number * 1e4) / 1e4;
}

/**
 * The path of numbers: digits, a real minus sign, a point, a dash, a multiplication dot; and of "max".
 * @param {{words: string, x: number, y: number}[]} all `x` is the middle, `y` the base line
 * @param {number} size of the letters
 */
export function numeralPath(all, size) {
  return all.map(({ words, x, y }) => linesOf(words, size).map(([[left, top], lines]) =>
    `M${shortened(x + left)} ${shortened(y + top)}${lines}`).join("")).join("");
}
