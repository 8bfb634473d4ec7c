import { OpenAPIHono, z } from "@hono/zod-openapi";
import { tellPresent } from "../../present.ts";
import { type EventFormat, type EventLine, readEvents } from "../../record/event-file.ts";
import { submittedEvent } from "../../record/submit-event.ts";
import { STATES } from "../../record/transitions.ts";
import { FILING_LIMIT, limitRate } from "../auth/limits.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { limitBody } from "../limit-body.ts";
import type { Months } from "../months/open-month.ts";
import { sayProblem } from "../page/refusal.ts";
import { bilingual } from "../pages/shapes.ts";
import type { ApiParts } from "./api-routes.ts";
import { problem } from "./problem.ts";
import { takeEvents } from "./take-events.ts";

const MOST_BYTES = 2_000_000;
const MOST_EVENTS = 1000;

const FORMATS: Readonly<Record<string, EventFormat>> = {
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "text/csv": "csv",
};

const query = z.object({ pipeline: z.string().max(80).describe("whose records, as qingdao") });

/** Made anew here: what was made before this library was loaded cannot be named in the description. */
const recordEvent = z.strictObject(submittedEvent.shape).openapi("RecordEvent");

const answer = z
  .object({
    received: z.number().int().describe("taken now"),
    known: z.number().int().describe("handed in before; one event, however often it is sent"),
    refused: z.number().int().describe("not taken; each says why"),
    lines: z.array(
      z.object({
        line: z.number().int().describe("of the file; 1 for one event"),
        state: z.enum(["received", "known", "refused"]),
        event: z.string().nullable().describe("number of the event"),
        record: z.string().nullable(),
        known_at: z.string().nullable().describe("civil time in the jurisdiction's zone"),
        record_state: z
          .enum(Object.keys(STATES) as [keyof typeof STATES])
          .nullable()
          .describe("what it makes of its record; null where only the next run can tell"),
        reason: bilingual.nullable().describe("why it is refused"),
      }),
    ),
  })
  .openapi("TakenEvents");

/** `POST /api/record-events`: events of dishonesty records, one or a file of them; for officers. */
export function recordEventRoutes({
  config,
  index,
  months,
}: ApiParts & { readonly months: Months }): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>();
  app.use(
    "/api/record-events",
    requireRole("officer"),
    limitBody(MOST_BYTES),
    limitRate(config, FILING_LIMIT),
  );
  app.post("/api/record-events", async (c) => {
    const served = index.find(c.req.query("pipeline") ?? "");
    if (!served) return sayProblem(c, 404, "pipeline", NO_PIPELINE);
    const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const format = FORMATS[type];
    if (!format) return sayProblem(c, 415, "type", OTHER_TYPE);
    const { now } = tellPresent(served.definition.time_zone);
    const newest =
      served.runs
        .map(({ asOf }) => asOf)
        .toSorted()
        .at(-1) ?? "";
    if (newest >= now) return sayProblem(c, 409, "time", tooLate(newest));
    let lines: EventLine[];
    try {
      lines = readEvents(await c.req.text(), format);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return sayProblem(c, 400, "faulty", { zh: message, en: message });
    }
    if (lines.length === 0) return sayProblem(c, 400, "empty", EMPTY);
    if (lines.length > MOST_EVENTS) return sayProblem(c, 413, "tooMany", TOO_MANY);
    const taken = await takeEvents(
      { config, months, served, visitor: c.get("visitor"), now },
      lines,
    );
    const count = (state: (typeof taken)[number]["state"]) =>
      taken.filter((one) => one.state === state).length;
    const counts = {
      received: count("received"),
      known: count("known"),
      refused: count("refused"),
    };
    const status = counts.refused > 0 ? 422 : counts.received > 0 ? 201 : 200;
    return c.json({ ...counts, lines: taken }, status);
  });
  return app;
}

const NO_PIPELINE = {
  zh: "没有这个流程，或它还没有发布任何期次。请在地址中写明 ?pipeline=。",
  en: "There is no such pipeline, or nothing of it is published yet. Name it in the address: ?pipeline=.",
};
const OTHER_TYPE = {
  zh: "请以 application/json 提交一个事件，或以 application/x-ndjson、text/csv 提交一个文件。",
  en: "Send one event as application/json, or a file as application/x-ndjson or text/csv.",
};
const EMPTY = { zh: "其中没有事件。", en: "There is no event in it." };
const TOO_MANY = {
  zh: `一次最多 ${MOST_EVENTS} 个事件，未办理其中任何一个；请分成几个文件。`,
  en: `${MOST_EVENTS} events at most at a time, and none of these was taken; send several files.`,
};
const tooLate = (newest: string) => ({
  zh: `已有按截至 ${newest} 所知发布的期间，现在办理的事件不能早于它已知。`,
  en: `A period is published as known at ${newest}; an event handed in now cannot have been known by then.`,
});

type Registry = OpenAPIHono<WebEnv>["openAPIRegistry"];

/** Puts the route into the API's description. */
export function describeRecordEvents(registry: Registry): void {
  const says = (description: string, schema: z.ZodType) => ({
    description,
    content: { "application/json": { schema } },
  });
  const file = (form: string) => ({
    schema: z.string().describe(`${form}, with the names of RecordEvent; ${MOST_EVENTS} at most`),
  });
  registry.registerPath({
    method: "post",
    path: "/api/record-events",
    tags: ["records"],
    security: [{ token: [] }],
    summary:
      "报送失信记录的事件，一件或一个文件（角色：经办人员） · Hand in events of dishonesty records, one or a file (role officer; a body's own events by its officers, all others by the credit office)",
    request: {
      query,
      body: {
        required: true,
        content: {
          "application/json": { schema: recordEvent },
          "application/x-ndjson": file("One JSON object a line"),
          "text/csv": file("CSV in UTF-8 with a header"),
        },
      },
    },
    responses: {
      200: says("Every event was handed in before", answer),
      201: says("Taken; it shows in the results after the next run, which judges it again", answer),
      400: says("The file cannot be read; nothing of it was taken", problem),
      401: says("No token", problem),
      403: says("Too few rights", problem),
      404: says("No such pipeline", problem),
      409: says("A period is published as known later than now", problem),
      413: says("Too large; nothing was taken", problem),
      415: says("Of another type", problem),
      422: says("Some lines are refused, each with the reason; the others are taken", answer),
      429: says("Too many requests; Retry-After says how long to wait", problem),
    },
  });
}
