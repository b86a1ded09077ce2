/** Panels that are drawn at once only where they are in view. */

const REST = 250; // milliseconds without a change

/**
 * Draw a panel at once while a part of it is in view or has the focus. Else it is drawn when it
 * comes into view, at the Tab key, or when nothing has changed for a moment. Until then its old
 * content is hidden, so that no frame shows it.
 * @param {Element} node
 * @param {Function} draw
 */
export function drawnInView(node, draw) {
  let inView = true; // until the browser says otherwise
  let late = null; // the arguments of the drawing that is still to be done
  let timer = 0;
  const drawLate = () => {
    clearTimeout(timer);
    const values = late;
    late = null;
    if (values) draw(...values);
    node.classList.remove("sw-late");
  };
  const watch = new IntersectionObserver((seen) => {
    const { isIntersecting, boundingClientRect: { width } } = seen.at(-1);
    // A hidden one may be shown again wherever it is.
    inView = isIntersecting || width === 0 || node.closest("[hidden]") !== null;
    if (inView) drawLate();
  });
  node.classList.add("sw-below");
  watch.observe(node);
  window.addEventListener("beforeprint", drawLate);
  const onKey = (event) => {
    if (event.key === "Tab" && late) drawLate(); // the focus may go to a control in it
  };
  window.addEventListener("keydown", onKey, true);
  return {
    draw(...values) {
      late = values;
      if (inView || node.contains(document.activeElement)) return drawLate();
      clearTimeout(timer);
      timer = setTimeout(drawLate, REST);
      return node.classList.add("sw-late");
    },
    stop() {
      clearTimeout(timer);
      watch.disconnect();
      window.removeEventListener("beforeprint", drawLate);
      window.removeEventListener("keydown", onKey, true);
    },
  };
}
