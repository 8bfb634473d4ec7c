import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { RefusedFile } from "../sentences.ts";
import type { Arrival, Fetching, Mark } from "./connector.ts";
import { type HttpClient, showAddress } from "./http-client.ts";
import { type PageTrail, readNextLink } from "./paging.ts";
import { receiveFile } from "./receive-file.ts";

type HttpJson = ConnectorOf<"http-json">;

/** What a fetch needs from its first page to its last. */
export interface Session {
  readonly connector: HttpJson;
  readonly fetching: Fetching;
  readonly client: HttpClient;
  /** What of the credentials stands in an address; only in those of the connector's own host. */
  secretsFor(url: URL): Readonly<Record<string, string>>;
}

/** What is kept of a page, so that it need not be sent again unchanged. */
interface PageMark extends PageTrail {
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
}

/** A page on its way in; what a fetch that was killed leaves of it is removed by the next. */
export const PAGE = "page.part";

interface Page {
  readonly input: string;
  readonly records: number;
  /** What stands in the answer where the definition says the next cursor or address does. */
  readonly next: string | undefined;
  readonly greatest: string | undefined;
}

/** One page: what it tells, and the file it became unless it is unchanged or empty. */
export async function fetchPage(
  { connector, fetching, client }: Session,
  url: URL,
  name: string,
): Promise<{ trail: PageTrail; arrival?: Arrival; mark?: Mark; greatest?: string | undefined }> {
  const address = fetching.secrets.scrub(url.href);
  const kept = fetching.markOf(address) as PageMark | undefined;
  const conditions: Record<string, string> = {};
  if (kept?.etag) conditions["if-none-match"] = kept.etag;
  if (kept?.modified) conditions["if-modified-since"] = kept.modified;
  const answer = await client.get(
    url,
    { accept: "application/json", ...connector.headers, ...conditions },
    (body) => readPage(connector, fetching, showAddress(url), body),
  );
  if (answer.status === 304 && kept) return { trail: kept, mark: { address, mark: kept } };
  if (!answer.value) {
    const shown = showAddress(url);
    return failForGood(
      shown,
      `${shown} 对未附条件的请求答复 304。请与提供方核实。`,
      `${shown} answers 304 to a request without a condition. Ask those who run it.`,
    );
  }
  const { input, records, next, greatest } = answer.value;
  const trail = { records, ...whereNext(connector.paging, next, answer.headers.link) };
  const { etag, "last-modified": modified } = answer.headers;
  const mark =
    etag || modified
      ? { address, mark: { ...trail, etag, modified } satisfies PageMark }
      : undefined;
  const found = { trail, greatest, ...(mark && { mark }) };
  if (records === 0) return found;
  const received = await receiveFile(fetching.folder, createReadStream(input));
  return { ...found, arrival: { name, address, version: etag ?? modified ?? null, ...received } };
}

/** Where the list goes on, by what its answer or the header of it says. */
function whereNext(
  paging: HttpJson["paging"],
  next: string | undefined,
  header: string | undefined,
): Pick<PageTrail, "cursor" | "link"> {
  if (paging?.type !== "link") return { cursor: next };
  return { link: paging.next === undefined ? readNextLink(header) : next };
}

/** Keeps the bytes of a page beside those received, to be looked at by the process that reads delivered files. */
async function readPage(
  { paging, mark }: HttpJson,
  fetching: Fetching,
  shown: string,
  body: Readable,
): Promise<Page> {
  const input = join(fetching.folder, PAGE);
  await pipeline(body, createWriteStream(input, { mode: 0o600 }));
  const { format } = fetching;
  const task = { input, format, paging, markField: mark?.field };
  const found = await fetching.readPage(task).catch((error: unknown) => {
    if (!(error instanceof RefusedFile)) throw error;
    const { zh, en } = error.sentence;
    return failForGood(
      shown,
      `${shown} 的答复无法读取。${zh}`,
      `The answer of ${shown} was refused. ${en}`,
    );
  });
  if (!("fault" in found)) return { ...found, input };
  if (found.fault === "incomplete") {
    return failForNow(
      shown,
      `${shown} 的答复不是完整的 JSON，稍后再试。若反复如此，请与提供方核实。`,
      `The answer of ${shown} is not complete JSON; it is tried again later. If it stays so, ask those who run it.`,
    );
  }
  if (format.type === "ocds") {
    return failForGood(
      shown,
      `${shown} 的答复不是 OCDS 的发布包、记录包或发布。接口可能已变，请核对其格式。`,
      `The answer of ${shown} is no package, record or release of OCDS. The interface may have changed; check its format.`,
    );
  }
  const [list] = format.records ?? [];
  return failForGood(
    shown,
    `${shown} 的答复中没有数组“${list}”（format.records）。接口可能已变，请核对其格式。`,
    `The answer of ${shown} has no array "${list}" (format.records). The interface may have changed; check its format.`,
  );
}
