import { rmSync } from "node:fs";
import { join } from "node:path";
import { TZDate } from "@date-fns/tz";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood } from "../fetch-error.ts";
import type { Arrival, Fetching, Mark } from "./connector.ts";
import { listWindows } from "./date-windows.ts";
import { stopEmptied } from "./emptied.ts";
import { fetchPage, PAGE, type Session } from "./fetch-page.ts";
import { openHttp, showAddress } from "./http-client.ts";
import { firstPage, later, nextPage, type PageTrail } from "./paging.ts";
import { readAuthority } from "./read-authority.ts";
import { openProof } from "./sign-request.ts";

type HttpJson = ConnectorOf<"http-json">;

/** What is kept of the list as a whole: where the next fetch goes on. */
interface ListMark {
  readonly value?: string | undefined;
  readonly cursor?: string | undefined;
  /** The day the windows have come to, YYYY-MM-DD. */
  readonly reached?: string | undefined;
}

/** One list to be fetched from its first page to its last. */
interface List {
  readonly base: URL;
  /** Stands in the names of its files, as "-since-2018-01-01"; empty for a list that has always one beginning. */
  readonly label: string;
  readonly cursor: string | undefined;
}

interface FetchedList {
  readonly arrivals: readonly Arrival[];
  readonly marks: readonly Mark[];
  readonly records: number;
  readonly greatest: string | undefined;
  readonly cursor: string | undefined;
}

/**
 * Fetches a list of JSON records, or of releases of OCDS, page by page; each page that is new is kept as one file, as it came. Pages
 * are kept and marks moved only when the list has come to its end: half a list is no list. With windows each span of days is such a
 * list. Pages unchanged by their ETag or time are not sent again.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: HttpJson, fetching: Fetching): Promise<void> {
  const proof = openProof(connector.auth, fetching.secrets, fetching.clock);
  // Credentials are for this host, even where others may be contacted.
  const { host } = new URL(connector.url);
  const authority = readAuthority(fetching.workspace, connector.ca);
  const client = openHttp({
    ...connector,
    unpack: true,
    authorities: authority === undefined ? undefined : [authority],
    sign: (url) => (url.host === host ? proof.sign(url) : {}),
  });
  const session: Session = {
    connector,
    fetching,
    client,
    secretsFor: (url) => (url.host === host ? proof.parameters : {}),
  };
  try {
    if (connector.windows) await fetchWindows(session, connector.windows);
    else await fetchOne(session);
  } finally {
    // What was looked at last; the pages that count have files of their own.
    rmSync(join(fetching.folder, PAGE), { force: true });
    await client.close();
  }
}

/** The one list there is; or what is new in it, where a mark or a cursor says where it goes on. */
async function fetchOne(session: Session): Promise<void> {
  const { connector, fetching } = session;
  const { mark, paging } = connector;
  const address = listAddress(connector);
  const kept = (fetching.markOf(address) ?? {}) as ListMark;
  const from = kept.value ?? mark?.start;
  const since: Record<string, string> =
    mark && from !== undefined ? { [mark.parameter]: from } : {};
  const resumed = paging?.type === "cursor" && paging.resume;
  const { arrivals, marks, records, greatest, cursor } = await fetchList(session, {
    base: composeAddress(connector, since),
    label: kept.value === undefined ? "" : `-since-${kept.value.replace(/[^\w.+-]+/g, "_")}`,
    cursor: resumed ? kept.cursor : undefined,
  });
  // Of a list that is asked only for what is new, nothing is an answer.
  const isWhole = !mark && !resumed;
  const shown = showAddress(new URL(connector.url));
  if (records === 0 && isWhole) await stopEmptied(fetching, shown, shown);
  const list: ListMark = {
    value: later(kept.value, greatest),
    ...(paging?.type === "cursor" && { cursor: cursor ?? kept.cursor }),
  };
  const all = [...marks, { address, mark: list }];
  await fetching.keep({ arrivals, marks: all, forgetOthers: true });
}

/** One list after the other; each is kept as soon as it is whole, so that years of them need not come in one fetch. */
async function fetchWindows(
  session: Session,
  windows: NonNullable<HttpJson["windows"]>,
): Promise<void> {
  const { connector, fetching } = session;
  const address = listAddress(connector);
  const { reached } = (fetching.markOf(address) ?? {}) as ListMark;
  const now = new TZDate(fetching.clock().getTime(), fetching.timeZone);
  const due = listWindows(windows, reached, now);
  const marks: Mark[] = [];
  for (const window of due) {
    const base = composeAddress(connector, window.parameters);
    const label = `-from-${window.day}`;
    const found = await fetchList(session, { base, label, cursor: undefined });
    if (found.records === 0) await stopEmptied(fetching, base.href, showAddress(base));
    marks.push(...found.marks);
    const list: Mark = { address, mark: { reached: window.reached } satisfies ListMark };
    await fetching.keep({
      arrivals: found.arrivals,
      marks: [...marks, list],
      // Those of later windows are still to be asked with.
      forgetOthers: window === due.at(-1),
    });
  }
}

async function fetchList(session: Session, { base, label, cursor }: List): Promise<FetchedList> {
  const { connector, secretsFor } = session;
  const arrivals: Arrival[] = [];
  const marks: Mark[] = [];
  const visited = new Set<string>();
  let greatest: string | undefined;
  let last: string | undefined;
  let records = 0;
  let url: URL | undefined = firstPage(base, connector.paging, cursor);
  for (let page = 1; url; page++) {
    stopCircle(connector, url, page, visited);
    const name = `${session.fetching.sourceId}${label}-page-${String(page).padStart(4, "0")}.json`;
    const found = await fetchPage(session, withParameters(url, secretsFor(url)), name);
    if (found.arrival) arrivals.push(found.arrival);
    if (found.mark) marks.push(found.mark);
    greatest = later(greatest, found.greatest);
    records += found.trail.records;
    last = found.trail.cursor ?? last;
    stopUnreadable(connector, url, found.trail);
    url = nextPage(base, url, connector.paging, found.trail);
  }
  return { arrivals, marks, records, greatest, cursor: last };
}

/** What stands where the next page's address should and is none ends the list with a fault: else half of it would pass for all. */
function stopUnreadable({ paging }: HttpJson, page: URL, { link, cursor }: PageTrail): void {
  const isObjectText = [link, cursor].some((text) => text?.startsWith("{"));
  const isNoAddress =
    paging?.type === "link" && link !== undefined && !URL.canParse(link, page.href);
  if (!isObjectText && !isNoAddress) return;
  const shown = showAddress(page);
  failForGood(
    shown,
    `${shown} 所给的下一页不是可用的地址或游标，不知清单是否已到末尾，未采用。请核对 connector.paging，或与提供方核实。`,
    `What ${shown} names as its next page is no address or cursor, so that nobody knows whether the list ends here; it was not used. Check connector.paging, or ask those who run it.`,
  );
}

/** Under this address it is kept where the list as a whole goes on. */
function listAddress({ url }: HttpJson): string {
  return `${showAddress(new URL(url))}#list`;
}

/** The address of a list. Credentials are laid in page by page, see Session. */
function composeAddress({ url, query }: HttpJson, more: Readonly<Record<string, string>>): URL {
  return withParameters(withParameters(new URL(url), query ?? {}), more);
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
