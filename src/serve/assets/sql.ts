import { sql as sqlLanguage } from "@codemirror/lang-sql";
import { basicSetup, EditorView } from "codemirror";
import { readExactAnswer } from "../../exact-json.ts";
import { drawQuickChart } from "./sql-chart.ts";
import { drawGrid } from "./sql-grid.ts";

const KEPT = "zhengxin saved queries";
const MOST_ROWS = 5000;
const TYPES: Record<string, string> = {
  json: "application/json",
  csv: "text/csv",
  arrow: "application/vnd.apache.arrow.stream",
  parquet: "application/vnd.apache.parquet",
};
const english = document.documentElement.lang.startsWith("en");
const say = (zh: string, en: string) => (english ? en : zh);

const page = document.querySelector<HTMLElement>("[data-sql]");
if (page) await start(page);

async function start(place: HTMLElement): Promise<void> {
  const find = <E extends HTMLElement>(name: string) =>
    place.querySelector<E>(`[data-${name}]`) as E;
  const catalogue = await (await fetch("/sql/catalogue.json")).json();
  const editor = new EditorView({
    parent: find("editor"),
    doc: new URLSearchParams(location.search).get("q") ?? firstQuestion(place),
    extensions: [
      EditorView.cspNonce.of(place.dataset.nonce ?? ""),
      EditorView.domEventHandlers({
        keydown(event) {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
          run();
          return true;
        },
        beforeinput: replaceSelected,
      }),
      basicSetup,
      sqlLanguage({ schema: catalogue, upperCaseKeywords: true }),
      EditorView.contentAttributes.of({ "aria-label": say("SQL 语句", "SQL statement") }),
      EditorView.lineWrapping,
    ],
  });
  const problem = find("problem");
  const ask = async (format: string, rows?: number) => {
    const [pipeline, period] = find<HTMLSelectElement>("period").value.split(" ");
    problem.hidden = true;
    const response = await fetch("/api/sql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: TYPES[format] ?? "" },
      body: JSON.stringify({ sql: editor.state.doc.toString(), pipeline, period, rows }),
    });
    if (response.ok) return response;
    const { error } = await response.json();
    problem.textContent = english ? error.en : error.zh;
    problem.hidden = false;
    if (error.position !== undefined) {
      const anchor = Math.min(error.position, editor.state.doc.length);
      editor.dispatch({ selection: { anchor }, scrollIntoView: true });
      editor.focus();
    }
    return undefined;
  };
  async function run(): Promise<void> {
    const button = find<HTMLButtonElement>("run");
    button.disabled = true;
    try {
      const response = await ask("json", MOST_ROWS);
      if (!response) return;
      const answer = readExactAnswer(await response.text());
      const more = answer.truncated ? say("（只显示前面的行）", " (the first ones only)") : "";
      find("count").textContent = `${answer.row_count} ${say("行", "rows")}${more}`;
      drawGrid(find("grid"), answer);
      drawQuickChart(find("chart"), answer);
    } finally {
      button.disabled = false;
    }
  }
  const show = (text: string) => {
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    editor.focus();
  };
  find("run").addEventListener("click", run);
  for (const button of place.querySelectorAll<HTMLElement>("[data-query]")) {
    button.addEventListener("click", () => show(button.dataset.query ?? ""));
  }
  for (const button of place.querySelectorAll<HTMLElement>("[data-export]")) {
    button.addEventListener("click", async () => {
      const format = button.dataset.export ?? "csv";
      const response = await ask(format);
      if (response) download(await response.blob(), `zhengxin.${format}`);
    });
  }
  keepQueries(find("saved"), find("save"), () => editor.state.doc.toString(), show);
}

/**
 * Puts a letter typed over a selection in its place. Left to itself a browser dresses it like what it replaces, by an inline
 * style that the content security policy stops.
 */
function replaceSelected(event: InputEvent, view: EditorView): boolean {
  const { main, ranges } = view.state.selection;
  if (event.inputType !== "insertText" || !event.data || main.empty || ranges.length > 1) {
    return false;
  }
  const { data } = event;
  const insert = () =>
    view.state.update(view.state.replaceSelection(data), {
      userEvent: "input.type",
      scrollIntoView: true,
    });
  event.preventDefault();
  const handled = view.state
    .facet(EditorView.inputHandler)
    .some((handle) => handle(view, main.from, main.to, data, insert));
  if (!handled) view.dispatch(insert());
  return true;
}

function firstQuestion(place: HTMLElement): string {
  return place.querySelector<HTMLElement>("[data-query]")?.dataset.query ?? "FROM rank LIMIT 10";
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Queries kept in this browser; the first line names them. */
function keepQueries(
  list: HTMLElement,
  save: HTMLElement,
  read: () => string,
  show: (text: string) => void,
): void {
  const load = (): string[] => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  const draw = () => {
    list.replaceChildren(
      ...load().map((text) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "link";
        button.textContent = text.split("\n")[0]?.slice(0, 60) ?? "";
        button.addEventListener("click", () => show(text));
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "quiet";
        remove.textContent = "×";
        remove.setAttribute("aria-label", say("删除", "Remove"));
        remove.addEventListener("click", () => {
          localStorage.setItem(KEPT, JSON.stringify(load().filter((one) => one !== text)));
          draw();
        });
        item.append(button, " ", remove);
        return item;
      }),
    );
  };
  save.addEventListener("click", () => {
    const text = read().trim();
    if (text)
      localStorage.setItem(KEPT, JSON.stringify([text, ...load().filter((one) => one !== text)]));
    draw();
  });
  draw();
}
