/** Links that carry a state: a page and a few validated numbers and words, nothing else. */

/**
 * Read an address such as "#explorer?input=28&kernel=3".
 * @param {string} hash @param {string[]} pages @param {string} first
 */
export function parseHash(hash, pages, first) {
  const [name, query = ""] = hash.replace(/^#/, "").split("?", 2);
  return { page: pages.includes(name) ? name : first, values: new URLSearchParams(query) };
}

/** A whole number from `low` to `high`, or `otherwise`. */
export function whole(values, name, low, high, otherwise) {
  const text = values.get(name);
  if (text === null || !/^\d{1,10}$/.test(text)) return otherwise;
  const number = Number(text);
  return number >= low && number <= high ? number : otherwise;
}

/** One of `known` words, or `otherwise`. */
export function word(values, name, known, otherwise) {
  const text = values.get(name);
  return known.includes(text) ? text : otherwise;
}

/** Those of `known` words that a list such as "size,zeros" names, or `otherwise`. */
export function words(values, name, known, otherwise) {
  const found = (values.get(name) ?? "").split(",").filter((text) => known.includes(text));
  return found.length ? [...new Set(found)] : otherwise;
}

/** The address of a page with a state. */
export function hashOf(page, state) {
  const query = new URLSearchParams(
    Object.entries(state).filter(([, value]) => value !== undefined && value !== ""));
  const text = String(query);
  return `#${page}${text ? `?${text}` : ""}`;
}
