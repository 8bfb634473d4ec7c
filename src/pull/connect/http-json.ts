import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { RefusedFile } from "../sentences.ts";
import type { Arrival, Fetching, Mark } from "./connector.ts";
import { stopEmptied } from "./emptied.ts";
import { type HttpClient, openHttp, showAddress } from "./http-client.ts";
import { firstPage, later, nextPage, type PageTrail, readNextLink } from "./paging.ts";
import { readAuthority } from "./read-authority.ts";
import { receiveFile } from "./receive-file.ts";
import { openProof } from "./sign-request.ts";

type HttpJson = ConnectorOf<"http-json">;

/** What is kept of a page, so that it need not be sent again unchanged. */
interface PageMark extends PageTrail {
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
}

/** What is kept of the list as a whole: where the next fetch goes on. */
interface ListMark {
  readonly value?: string | undefined;
  readonly cursor?: string | undefined;
}

/** A page on its way in; what a fetch that was killed leaves of it is removed by the next. */
const PAGE = "page.part";

interface Page extends PageTrail {
  readonly input: string;
  readonly greatest: string | undefined;
}

/**
 * Fetches a list of JSON records page by page; each page that is new is kept as one file, as it came. Pages are kept and
 * marks moved only when the list has come to its end: half a list is no list. Pages unchanged by their ETag or time are
 * not sent again.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: HttpJson, fetching: Fetching): Promise<void> {
  const proof = openProof(connector.auth, fetching.secrets, fetching.clock);
  // Credentials are for this host, even where others may be contacted.
  const { host } = new URL(connector.url);
  const secretsFor = (url: URL) => (url.host === host ? proof.parameters : {});
  const authority = readAuthority(fetching.workspace, connector.ca);
  const client = openHttp({
    ...connector,
    unpack: true,
    authorities: authority === undefined ? undefined : [authority],
    sign: (url) => (url.host === host ? proof.sign(url) : {}),
  });
  const listAddress = `${showAddress(new URL(connector.url))}#list`;
  const kept = (fetching.markOf(listAddress) ?? {}) as ListMark;
  const base = composeAddress(connector, proof.parameters, kept.value);
  const arrivals: Arrival[] = [];
  const marks: Mark[] = [];
  let { value, cursor } = kept;
  try {
    const resumed = connector.paging?.type === "cursor" && connector.paging.resume;
    let url: URL | undefined = firstPage(base, connector.paging, resumed ? cursor : undefined);
    const visited = new Set<string>();
    let records = 0;
    for (let page = 1; url; page++) {
      stopCircle(connector, url, page, visited);
      const { trail, arrival, mark, greatest } = await fetchPage(connector, fetching, client, {
        url: withParameters(url, secretsFor(url)),
        page,
        since: kept.value,
      });
      if (arrival) arrivals.push(arrival);
      if (mark) marks.push(mark);
      value = later(value, greatest);
      records += trail.records;
      cursor = trail.cursor ?? cursor;
      url = nextPage(base, url, connector.paging, trail);
    }
    // Of a list that is asked only for what is new, nothing is an answer.
    const isWhole = !connector.mark && !resumed;
    const shown = showAddress(new URL(connector.url));
    if (records === 0 && isWhole) await stopEmptied(fetching, shown, shown);
  } finally {
    // What was looked at last; the pages that count have files of their own.
    rmSync(join(fetching.folder, PAGE), { force: true });
    await client.close();
  }
  const list: ListMark = { value, ...(connector.paging?.type === "cursor" && { cursor }) };
  await fetching.keep({
    arrivals,
    marks: [...marks, { address: listAddress, mark: list }],
    forgetOthers: true,
  });
}

/** One page: what it tells, and the file it became unless it is unchanged or empty. */
async function fetchPage(
  connector: HttpJson,
  fetching: Fetching,
  client: HttpClient,
  { url, page, since }: { url: URL; page: number; since: string | undefined },
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
  const { input, records, cursor, greatest } = answer.value;
  const link = readNextLink(answer.headers.link);
  const { etag, "last-modified": modified } = answer.headers;
  const trail: PageTrail = { records, cursor, link };
  const mark =
    etag || modified
      ? { address, mark: { ...trail, etag, modified } satisfies PageMark }
      : undefined;
  const found = { trail, greatest, ...(mark && { mark }) };
  if (records === 0) return found;
  const name = nameFile(fetching.sourceId, since, page);
  const received = await receiveFile(fetching.folder, createReadStream(input));
  return { ...found, arrival: { name, address, version: etag ?? modified ?? null, ...received } };
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
  const names = fetching.recordNames;
  const task = { input, names, paging, markField: mark?.field };
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
  const [list] = names;
  return failForGood(
    shown,
    `${shown} 的答复中没有数组“${list}”（format.records）。接口可能已变，请核对其格式。`,
    `The answer of ${shown} has no array "${list}" (format.records). The interface may have changed; check its format.`,
  );
}

function composeAddress(
  { url, query, mark }: HttpJson,
  secrets: Readonly<Record<string, string>>,
  since: string | undefined,
): URL {
  const base = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) base.searchParams.set(name, value);
  const from = since ?? mark?.start;
  if (mark && from !== undefined) base.searchParams.set(mark.parameter, from);
  return withParameters(base, secrets);
}

function withParameters(url: URL, parameters: Readonly<Record<string, string>>): URL {
  const complete = new URL(url);
  for (const [name, value] of Object.entries(parameters)) complete.searchParams.set(name, value);
  return complete;
}

/** A list that leads back to a page already seen, or never ends, is faulty: it must not be asked for all night. */
function stopCircle(
  { url, max_pages }: HttpJson,
  page: URL,
  count: number,
  visited: Set<string>,
): void {
  const shown = showAddress(new URL(url));
  if (visited.has(page.href) || count > max_pages) {
    failForGood(
      shown,
      `${shown} 的分页没有尽头（第 ${count} 页）。请核对 connector.paging，或调高 max_pages。`,
      `The pages of ${shown} have no end (page ${count}). Check connector.paging, or raise max_pages.`,
    );
  }
  visited.add(page.href);
}

function nameFile(source: string, since: string | undefined, page: number): string {
  const from = since === undefined ? "" : `-since-${since.replace(/[^\w.+-]+/g, "_")}`;
  return `${source}${from}-page-${String(page).padStart(4, "0")}.json`;
}
