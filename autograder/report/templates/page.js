"use strict";
// Sorts the tables by a column and shows the lines of one section or question. Without it, the page
// shows everything in the order of the course.
const NUMBER = /-?\d+(?:\.\d+)?/;

function keyOf(cell, numeric) {
  const text = cell ? cell.innerText.trim().replace("\u2212", "-") : "";
  if (!numeric) return text;
  const found = text.match(NUMBER);
  return found ? Number(found[0]) : null;
}

function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null); // what has no number comes last
  return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
}

function sortBy(table, header, column) {
  const descending = header.getAttribute("aria-sort") === "ascending";
  const sign = descending ? -1 : 1;
  const body = table.tBodies[0];
  const numeric = header.classList.contains("number");
  const keyed = [...body.rows].map((row) => [keyOf(row.cells[column], numeric), row]);
  keyed.sort(([a], [b]) => (a === null || b === null ? compare(a, b) : sign * compare(a, b)));
  body.append(...keyed.map(([, row]) => row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

for (const table of document.querySelectorAll("table")) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const title = header.textContent.trim();
    if (!title || header.classList.contains("bars")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => sortBy(table, header, column));
    header.replaceChildren(button);
  });
}

const form = document.querySelector(".filters");

function chosen(name) {
  const field = form.elements[name];
  return field ? field.value : "";
}

function show() {
  const section = chosen("section");
  const question = chosen("question");
  for (const line of document.querySelectorAll("[data-section]")) {
    line.hidden = Boolean(section) && line.dataset.section !== section;
  }
  for (const line of document.querySelectorAll("[data-question]")) {
    line.hidden = Boolean(question) && !line.dataset.question.split(" ").includes(question);
  }
  for (const details of document.querySelectorAll("#students ~ * details")) {
    if (question) details.open = true;
  }
  const students = [...document.querySelectorAll("[data-section]")];
  const words = section ? `${students.filter((s) => !s.hidden).length} of ${students.length} students.` : "";
  const note = section ? " Figures and plots are of all of them." : "";
  form.querySelector("output").textContent = words + note;
}

form.hidden = false;
form.addEventListener("change", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
