/** Shows the page that the address names, and starts Python after the first picture is drawn. */

import { h } from "../widgets/dom.js";
import { parseHash } from "./links.js";
import { onPython, startPython } from "./python.js";
import { shareBox } from "./share.js";
import { explorerPage, networkPage } from "./explore.js";
import { lecturePage } from "./lecture.js";
import { ownPage } from "./own.js";
import { practicePage } from "./practise.js";
import { predictPage } from "./predict.js";
import { progressPage } from "./progress.js";

const PAGES = { explorer: explorerPage, network: networkPage, practice: practicePage,
  predict: predictPage, own: ownPage, lecture: lecturePage, progress: progressPage };
const FIRST = "explorer";
const states = JSON.parse(document.getElementById("states").textContent);
let leave = () => {};
let current = null;

/** Show the page of the present address. */
function show(focus) {
  const { page, values } = parseHash(location.hash, Object.keys(PAGES), FIRST);
  leave();
  for (const name of Object.keys(PAGES)) {
    document.getElementById(`page-${name}`).hidden = name !== page;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    if (name === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const section = document.getElementById(`page-${page}`);
  const place = section.querySelector(".place");
  place.replaceChildren();
  const made = PAGES[page]({ place, values, states });
  leave = made.leave ?? (() => {});
  current = { page, link: made.link ?? (() => "") };
  document.title = `${section.querySelector("h1").textContent} · Stridewise`;
  if (focus) section.querySelector("h1").scrollIntoView();
}

function status() {
  const notice = document.getElementById("python");
  onPython(({ state, why }) => {
    notice.hidden = state === "ready" || state === "waiting";
    notice.replaceChildren(state === "failed"
      ? `Explanations are not available here: ${why} The explorers, and the questions of Practice, still work.`
      : "Explanations are loading. You can begin.");
  });
}

window.addEventListener("hashchange", () => {
  if (location.hash !== "#content") show(true);
});
show(false);
status();
shareBox(document.getElementById("share"), document.getElementById("shared"), () => current);
// Two frames later the first picture is on the screen.
requestAnimationFrame(() => requestAnimationFrame(startPython));
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("sw.js").then((registration) => {
    registration.addEventListener("updatefound", () => {
      const hadOne = Boolean(navigator.serviceWorker.controller);
      registration.installing?.addEventListener("statechange", (event) => {
        if (event.target.state !== "installed" || !hadOne) return;
        document.querySelector("footer").append(
          h("p", { role: "status" }, "There is a newer version: load the page again to get it."));
      });
    });
  }).catch(() => {}); // without it the site works, but not offline
}
