/** Pyodide with the package `stridewise`: takes requests as JSON text, gives replies as JSON text. */

const STANDARD = new URL("../pyodide/", import.meta.url).href;
const PACKAGE = new URL("./stridewise.zip", import.meta.url).href;

async function start() {
  const fetched = fetch(PACKAGE);
  const { loadPyodide } = await import(`${STANDARD}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: STANDARD });
  const response = await fetched;
  if (!response.ok) throw new Error(`python/stridewise.zip: ${response.status}`);
  pyodide.unpackArchive(await response.arrayBuffer(), "zip", { extractDir: "/site" });
  pyodide.runPython("import sys; sys.path.insert(0, '/site'); sys.dont_write_bytecode = True");
  return pyodide.pyimport("answers").reply;
}

const ready = start();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: `${error.message}` }));

addEventListener("message", async ({ data: { id, request } }) => {
  try {
    postMessage({ id, reply: (await ready)(request) });
  } catch (error) {
    postMessage({ id, problem: String(error.message).trim().split("\n").pop() });
  }
});
