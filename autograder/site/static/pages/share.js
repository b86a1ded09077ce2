/** The address of what is on the screen now, as text and as a QR code. */

import { h } from "../widgets/dom.js";
import qrcode from "../qrcode/qrcode.mjs";

export function shareBox(open, box, current) {
  open.hidden = false;
  open.setAttribute("aria-expanded", "false");
  open.addEventListener("click", () => {
    const hide = !box.hidden;
    box.hidden = hide;
    open.setAttribute("aria-expanded", String(!hide));
    if (hide) return;
    const address = new URL(current().link() || location.hash || "#explorer", location.href).href;
    box.replaceChildren(h("p", { class: "address" }, h("a", { href: address }, address)), picture(address));
  });
  window.addEventListener("hashchange", () => { box.hidden = true; open.setAttribute("aria-expanded", "false"); });
}

function picture(address) {
  const code = qrcode(0, "M"); // 0: as large as the text needs
  code.addData(address);
  code.make();
  const size = code.getModuleCount();
  const squares = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) squares.push(`M${column} ${row}h1v1h-1z`);
    }
  }
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the address above");
  path.setAttribute("d", squares.join(""));
  path.setAttribute("fill", "#000");
  svg.append(path);
  return h("div", { class: "qr" }, svg);
}
