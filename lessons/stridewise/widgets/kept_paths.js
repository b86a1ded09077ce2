/** Paths that are kept from one drawing to the next: new elements cost a browser much more. */

import { s } from "./dom.js";

/**
 * Return a function that makes paths the children of `group`. It takes the attributes of each; a path
 * without lines is left out.
 * @param {Element} group
 * @returns {(paths: object[]) => void}
 */
export function keptPaths(group) {
  let drawn = [];
  return (paths) => {
    const wanted = paths.filter(({ d }) => d);
    wanted.forEach((attributes, i) => {
      if (drawn[i]) update(group.children[i], drawn[i], attributes);
      else group.append(s("path", attributes));
    });
    while (group.childElementCount > wanted.length) group.lastElementChild.remove();
    drawn = wanted;
  };
}

function update(path, before, now) {
  Object.keys(before).forEach((name) => { if (!(name in now)) path.removeAttribute(name); });
  Object.entries(now).forEach(([name, value]) => {
    if (before[name] !== value) path.setAttribute(name, value);
  });
}
