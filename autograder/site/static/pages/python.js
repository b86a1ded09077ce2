/** Python in a web worker, so that starting it does not block the page. */

const listeners = new Set();
const waiting = new Map();
let worker = null;
let number = 0;
let now = { state: "waiting", why: "" };

function tell(state, why = "") {
  now = { state, why };
  listeners.forEach((listener) => listener(now));
}

/** Call a function with "waiting", "starting", "ready" or "failed", now and at each change. */
export function onPython(listener) {
  listeners.add(listener);
  listener(now);
  return () => listeners.delete(listener);
}

export function startPython() {
  if (worker) return;
  if (typeof WebAssembly !== "object") {
    tell("failed", "this browser does not run WebAssembly.");
    return;
  }
  tell("starting");
  worker = new Worker(new URL("../python/worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    if (data.ready) tell("ready");
    else if (data.failed) fail(data.failed);
    else settle(data);
  });
  worker.addEventListener("error", (event) => fail(event.message || "it could not be loaded."));
}

function fail(why) {
  tell("failed", why);
  waiting.forEach(({ reject }) => reject(new Error(why)));
  waiting.clear();
}

function settle({ id, reply, problem }) {
  const { resolve, reject } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (problem) reject?.(new Error(problem));
  else resolve?.(JSON.parse(reply));
}

/** Send a request to Python; the promise is rejected where there is no Python. */
export function ask(request) {
  if (now.state === "failed") return Promise.reject(new Error(now.why));
  startPython();
  number += 1;
  const id = number;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, request: JSON.stringify(request) });
  });
}
