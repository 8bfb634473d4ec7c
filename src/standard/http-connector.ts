import { format } from "date-fns";
import { z } from "zod";
import { network, openValues, patience, secret, url } from "./connector-parts.ts";

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("bearer"), token: secret }),
  z.strictObject({ type: z.literal("basic"), user: z.string(), password: secret }),
  /** A key in a header or in a parameter of the address. */
  z.strictObject({ type: z.literal("header"), name: z.string(), value: secret }),
  z.strictObject({ type: z.literal("parameter"), name: z.string(), value: secret }),
  z.strictObject({
    type: z.literal("hmac"),
    key_id: z.string(),
    secret,
    algorithm: z.enum(["sha256", "sha512", "sha1", "sm3"]).default("sha256"),
    encoding: z.enum(["hex", "base64"]).default("hex"),
    timestamp: z.enum(["seconds", "milliseconds", "iso"]).default("seconds"),
    /** The text that is signed; {method}, {host}, {path}, {query} (sorted), {timestamp}, {nonce}, {key_id} are filled in. */
    text: z.string().default("{method}\n{path}\n{query}\n{timestamp}\n{nonce}"),
    /** Headers sent; also {signature}. */
    headers: z.record(z.string(), z.string()).default({
      "x-key-id": "{key_id}",
      "x-timestamp": "{timestamp}",
      "x-nonce": "{nonce}",
      "x-signature": "{signature}",
    }),
  }),
]);

/** Names with points between them; no steps into lists, which would lead nowhere without a word. */
const dottedPath = z
  .string()
  .regex(/^[^[\]]+$/, "a path of names with points between them, as links.next");

const paging = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("page"),
    parameter: z.string().default("page"),
    first: z.number().int().default(1),
    size_parameter: z.string().optional(),
    size: z.number().int().positive().optional(),
  }),
  z.strictObject({
    type: z.literal("offset"),
    parameter: z.string().default("offset"),
    size_parameter: z.string().default("limit"),
    size: z.number().int().positive(),
  }),
  /** The address of the next page: Link: <...>; rel="next", RFC 8288, or what stands in the answer. */
  z.strictObject({
    type: z.literal("link"),
    /** Where in the answer it stands, as links.next; without it the header counts. */
    next: dottedPath.optional(),
  }),
  z.strictObject({
    type: z.literal("cursor"),
    parameter: z.string().default("cursor"),
    /** Where in the answer the next cursor stands, as paging.next; a whole address is followed. */
    next: dottedPath,
    /** The last cursor is kept, and the next fetch goes on from it. */
    resume: z.boolean().default(false),
  }),
]);

/** A list of records behind an HTTP interface that answers in JSON. */
export const httpJson = z.strictObject({
  type: z.literal("http-json"),
  url,
  ...network,
  ...patience,
  query: openValues.optional(),
  headers: openValues.optional(),
  auth: auth.optional(),
  paging: paging.optional(),
  max_pages: z.number().int().positive().default(10_000),
  /** Only what changed since the last fetch: the greatest value of a field of the records is sent as a parameter next time. */
  mark: z
    .strictObject({
      parameter: z.string(),
      /** Path inside a record. */
      field: z.string(),
      start: z.string().optional(),
    })
    .optional(),
  /** The list is asked for by spans of days, one after the other, each a whole list with pages of its own. */
  windows: z
    .strictObject({
      /** Parameters for the first and the last day. */
      from: z.string().min(1),
      until: z.string().min(1),
      /** The first day asked for. */
      start: z.iso.date(),
      days: z.number().int().min(1).max(3660).default(31),
      /** How far back each fetch looks again: for what is entered late under an earlier day. */
      overlap_days: z.number().int().min(0).max(3660).default(7),
      /** How days are written, in the pattern letters of Unicode: "yyyy-MM-dd", "dd/MM/yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX". */
      format: z
        .string()
        .default("yyyy-MM-dd")
        .refine(
          writesDays,
          "not a way to write a day; write it as yyyy-MM-dd or yyyy-MM-dd'T'HH:mm:ssXXX",
        ),
    })
    .optional(),
});

/** Whether two days are written differently, and without an error. */
function writesDays(pattern: string): boolean {
  // Week-numbering years and days of the year, which are often meant to be years and days of the month.
  if (/Y|D/.test(pattern.replace(/'[^']*'/g, ""))) return false;
  const days = [
    new Date(2018, 0, 2),
    new Date(2018, 0, 3),
    new Date(2018, 1, 2),
    new Date(2019, 0, 2),
  ];
  try {
    return new Set(days.map((day) => format(day, pattern))).size === days.length;
  } catch {
    return false;
  }
}

/** What the definition of an HTTP interface and the format of its source say against one another; paths are relative to the source. */
export function findHttpFaults(
  { windows, mark, paging }: z.infer<typeof httpJson>,
  formatType: string,
): { path: string[]; message: string }[] {
  const faults: { path: string[]; message: string }[] = [];
  if (formatType !== "json" && formatType !== "ocds") {
    faults.push({
      path: ["format", "type"],
      message: "http-json fetches JSON; write json or ocds",
    });
  }
  if (windows && mark) {
    faults.push({
      path: ["connector", "windows"],
      message: "windows and mark both say where a fetch goes on; give one of them",
    });
  }
  if (windows && paging?.type === "cursor" && paging.resume) {
    faults.push({
      path: ["connector", "paging", "resume"],
      message:
        "each window has pages of its own, so that no cursor can be resumed; leave resume out",
    });
  }
  return faults;
}
