/** Just enough of Jupyter's model for a widget to live in a page without a kernel. */

/** A model that holds `state` and tells listeners what changed. */
export function pageModel(state) {
  const values = { ...state };
  const listeners = new Map();
  const of = (event) => listeners.get(event) ?? listeners.set(event, new Set()).get(event);
  return {
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      of(`change:${name}`).forEach((listener) => listener());
    },
    save_changes() {},
    on: (event, listener) => of(event).add(listener),
    off: (event, listener) => of(event).delete(listener),
  };
}
