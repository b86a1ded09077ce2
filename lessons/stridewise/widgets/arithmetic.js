/** Reads a sum such as (3*3*1+1)*4 as a number. Nothing that is typed is ever run. */

/** Numbers with or without thousands separators, operators, brackets. */
const TOKEN = /\s*(?:(\d{1,3}(?:,\d{3})+(?!\d)|\d+)|(\/\/|[-+*/()]))/y;
const WRITTEN_ALSO = [[/[·×]/g, "*"], [/−/g, "-"], [/÷/g, "/"]];
const DEEPEST = 50; // brackets

/**
 * The value of `text`, or null where it is no sum of whole numbers. `//` rounds down, as in Python.
 * @param {string} text
 */
export function arithmetic(text) {
  const plain = WRITTEN_ALSO.reduce((sofar, [sign, ascii]) => sofar.replace(sign, ascii), text.trim());
  const tokens = tokensOf(plain);
  if (!tokens || tokens.length === 0) return null;
  const reader = { tokens, at: 0, depth: 0 };
  const value = sum(reader);
  return reader.at === tokens.length && Number.isFinite(value) ? value : null;
}

function tokensOf(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (!found) return null;
    tokens.push(found[1] ? Number(found[1].replaceAll(",", "")) : found[2]);
  }
  return tokens;
}

// Each of these reads as much as it can; an error makes the whole result NaN.

function sum(reader) {
  return chainOf(reader, product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
}

function product(reader) {
  return chainOf(reader, signed, { "*": (a, b) => a * b, "/": (a, b) => a / b,
    "//": (a, b) => Math.floor(a / b) });
}

function chainOf(reader, part, operators) {
  let value = part(reader);
  while (Object.hasOwn(operators, reader.tokens[reader.at] ?? "")) {
    const operator = operators[reader.tokens[reader.at]];
    reader.at += 1;
    value = operator(value, part(reader));
  }
  return value;
}

function signed(reader) {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (typeof token === "number") return token;
  reader.depth += 1;
  if (reader.depth > DEEPEST) return NaN;
  if (token === "-") return -signed(reader);
  if (token !== "(") return NaN;
  const value = sum(reader);
  const closed = reader.tokens[reader.at] === ")";
  reader.at += 1;
  return closed ? value : NaN;
}
