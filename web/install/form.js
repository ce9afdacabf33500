/* Rows that are added and removed, the chosen host's recipe, and files that are dropped: Python reads what stands there. */
const MOST_BYTES = 4; // of a character in UTF-8

export const listen = () => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("wizard"));
  const pasted = /** @type {HTMLTextAreaElement} */ (document.getElementById("pasted"));
  let numbered = 0;

  /** @param {Element} place */
  const changed = (place) => place.dispatchEvent(new Event("input", { bubbles: true }));

  /** Shows the columns that the row's choice has. @param {Element} row */
  const suit = (row) => {
    const chosen = [...row.querySelectorAll("select")].map((select) => select.value);
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("[data-only-for]"))) {
      cell.hidden = !cell.dataset.onlyFor?.split(" ").some((choice) => chosen.includes(choice));
    }
  };

  /** @param {string} path */
  const add = (path) => {
    const template = /** @type {HTMLTemplateElement} */ (form.querySelector(`template[data-row="${path}"]`));
    const list = /** @type {Element} */ (form.querySelector(`[data-rows="${path}"]`));
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("#", String((numbered += 1)));
    const row = /** @type {HTMLElement} */ (holder.firstElementChild);
    list.append(row);
    suit(row);
    return row;
  };

  form.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const adding = target.closest("[data-add]");
    const removing = target.closest(".remove");
    if (adding instanceof HTMLElement) {
      const row = add(adding.dataset.add ?? "");
      row.querySelector("input")?.focus();
      changed(row);
    } else if (removing) {
      const row = /** @type {Element} */ (removing.closest(".row"));
      const list = /** @type {Element} */ (row.parentElement);
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      const stays = next?.querySelector(".remove") ?? list.parentElement?.querySelector("[data-add]");
      if (stays instanceof HTMLElement) stays.focus();
      changed(list);
    }
  });
  // Python sets rows, too.
  form.addEventListener("wizard:row", (event) => add(/** @type {CustomEvent} */ (event).detail));
  form.addEventListener("change", ({ target }) => {
    const row = target instanceof Element && target.closest(".row");
    if (row) suit(row);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  const host = /** @type {HTMLSelectElement} */ (document.getElementById("host"));
  const choose = () => {
    for (const recipe of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-host]"))) {
      recipe.hidden = recipe.dataset.host !== host.value;
    }
  };
  host.addEventListener("input", choose);
  choose();

  /** @param {File | undefined} file */
  const take = async (file) => {
    if (!file) return;
    pasted.value = await file.slice(0, (INSTALL.characters + 1) * MOST_BYTES).text(); // more is not read anyway
    changed(pasted);
  };
  const opened = /** @type {HTMLInputElement} */ (document.getElementById("opened"));
  opened.addEventListener("change", () => take(opened.files?.[0]).then(() => (opened.value = "")));
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
};
