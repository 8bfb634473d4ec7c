import { Hono } from "hono";
import { inkOn } from "../../publish/html/markup.ts";

export interface GradeColour {
  readonly id: string;
  readonly colour: string;
}

const UNKNOWN = "#dbe1e6";

/**
 * Address of a style sheet with the colours of a standard's grades as classes (see `gradeClass`): a standard is data,
 * and the content security policy allows no colours inside the page. The address says all that is in the sheet, so that
 * any process can hand it out.
 */
export function palettePath(grades: readonly GradeColour[]): string {
  const parts = grades.map(
    ({ id, colour }) =>
      `${toHex(id)}-${(/^#[0-9a-f]{6}$/i.test(colour) ? colour : UNKNOWN).slice(1)}`,
  );
  return `/assets/grades/${parts.join("_")}.css`;
}

/** The class of a grade, whatever characters its id has. */
export function gradeClass(id: string): string {
  return `g-${toHex(id)}`;
}

function toHex(id: string): string {
  return Buffer.from(id).toString("hex");
}

/** Hands out the style sheets of grades. */
export function paletteRoutes(): Hono {
  const app = new Hono();
  app.get("/assets/grades/:parts{(?:[0-9a-f]+-[0-9A-Fa-f]{6}_?){0,60}\\.css}", (c) => {
    const rules = [...c.req.param("parts").matchAll(/([0-9a-f]+)-([0-9a-f]{6})/gi)].map(
      ([, id, colour]) => {
        const ink = inkOn(`#${colour}`);
        return `.g-${id}{background:#${colour};color:${ink};fill:#${colour}}`;
      },
    );
    c.header("Content-Type", "text/css; charset=utf-8");
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body(`${rules.join("\n")}\n`);
  });
  return app;
}
