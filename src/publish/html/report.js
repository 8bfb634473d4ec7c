(() => {
  const page = document.documentElement;
  const button = document.getElementById("language");
  const search = document.getElementById("search");

  // The hash keeps the place and the language: #e-370202~en, #~en.
  const readHash = () => {
    const [id = "", language = ""] = location.hash.slice(1).split("~");
    return { id, language: language === "en" ? "en" : "zh-CN" };
  };
  const writeHash = (id, language) => `#${id}${language === "en" ? "~en" : ""}`;

  const speak = (language) => {
    page.lang = language;
    search.placeholder = language === "en" ? search.dataset.en : search.dataset.zh;
  };

  const show = () => {
    const { id, language } = readHash();
    speak(language);
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    target.scrollIntoView();
  };

  button.addEventListener("click", () => {
    const { id, language } = readHash();
    const next = language === "en" ? "zh-CN" : "en";
    history.replaceState(null, "", writeHash(id, next));
    speak(next);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    const hash = writeHash(link.getAttribute("href").slice(1), readHash().language);
    if (location.hash === hash) show();
    else location.hash = hash;
  });
  addEventListener("hashchange", show);

  const find = () => {
    const text = search.value.trim().toLowerCase();
    if (!text) return;
    const code = text.split(" ").at(-1);
    const all = [...document.querySelectorAll(".body")];
    const found =
      all.find((body) => body.id.toLowerCase() === `e-${code}`) ??
      all.find((body) => body.querySelector("summary b").textContent.toLowerCase().includes(text));
    if (found) location.hash = writeHash(found.id, readHash().language);
  };
  search.addEventListener("change", find);
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });

  const compare = (a, b) => {
    const x = Number(a);
    const y = Number(b);
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "zh-CN") : x - y;
  };
  for (const table of document.querySelectorAll(".sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      head.querySelector("button")?.addEventListener("click", () => {
        const direction = head.ariaSort === "ascending" ? "descending" : "ascending";
        for (const other of heads) if (other.ariaSort) other.ariaSort = "none";
        head.ariaSort = direction;
        const sign = direction === "ascending" ? 1 : -1;
        const body = table.tBodies[0];
        const rows = [...body.rows].sort(
          (a, b) => sign * compare(a.cells[column].dataset.v, b.cells[column].dataset.v),
        );
        body.append(...rows);
      });
    });
  }

  // On a phone each row of a table of many columns is a list of its values (row-list.css), and a value says what it is.
  const titleIn = (head, language) => {
    const parts = [...head.querySelectorAll(`[lang="${language}"]`)];
    return parts.length > 0 ? parts.map((part) => part.textContent).join(" ") : head.textContent;
  };
  for (const table of document.querySelectorAll(".wide > table")) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    if (heads.length < 4 || table.matches(".heat, .matrix, .trend")) continue;
    table.classList.add("row-list");
    const titles = heads.map((head) => ({ zh: titleIn(head, "zh"), en: titleIn(head, "en") }));
    for (const row of table.tBodies[0].rows) {
      // Where a cell of the rows above reaches down, the first columns are its.
      let column = heads.length - [...row.cells].reduce((sum, { colSpan }) => sum + colSpan, 0);
      for (const cell of row.cells) {
        cell.dataset.zh = titles[column]?.zh ?? "";
        cell.dataset.en = titles[column]?.en ?? "";
        if (cell.textContent.length > 60) cell.dataset.long = "";
        column += cell.colSpan;
      }
    }
  }

  // On paper only the sections of bodies stay as the reader left them: all of them would be hundreds of pages.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.fold")) fold.open = true;
  });

  show();
})();
