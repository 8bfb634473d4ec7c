import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { createGunzip } from "node:zlib";
import { Agent, type Dispatcher, request } from "undici";
import { ConnectorFault, failForGood, failForNow } from "../fetch-error.ts";
import { type AllowedHosts, openAllowedHosts } from "./allowed-hosts.ts";
import { explainNetworkError } from "./network-fault.ts";

const MOST_REDIRECTS = 5;
/** A server that wants to be left alone for longer than this is tried again by the next run. */
const LONGEST_WAIT = 60;

export interface HttpOptions {
  readonly allow_hosts: readonly string[];
  readonly allow_addresses?: readonly string[] | undefined;
  readonly timeout_seconds: number;
  readonly attempts: number;
  readonly retry_seconds: number;
  readonly requests_per_second?: number | undefined;
  readonly max_bytes: number;
  /** Whether compressed answers are asked for and unpacked; a stored object is taken as it is stored. */
  readonly unpack: boolean;
  /** Said instead of the address of a request, where that is not to be told. */
  readonly shown?: string | undefined;
  /** Certificate authorities to trust beside the known ones, as PEM. */
  readonly authorities?: readonly string[] | undefined;
  /** Headers that prove who asks, made anew for each attempt. Not sent to another host after a redirect. */
  sign(url: URL): Promise<Record<string, string>> | Record<string, string>;
}

export interface HttpAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** What `consume` made of the body; undefined for 304. */
  readonly value: T | undefined;
}

export interface HttpClient {
  /**
   * Gets an address; what may pass is tried again, as often and as slowly as the options say.
   * @param consume reads the body to its end; called once for each attempt, a fault it throws counts as the attempt's
   * @throws ConnectorFault
   */
  get<T>(
    url: URL,
    headers: Readonly<Record<string, string>>,
    consume: (body: Readable) => Promise<T>,
  ): Promise<HttpAnswer<T>>;
  close(): Promise<void>;
}

/** A client that contacts allowed hosts only, waits as told, and takes whole answers only. */
export function openHttp(options: HttpOptions): HttpClient {
  const hosts = openAllowedHosts(options);
  const agent = new Agent({
    connect: {
      lookup: hosts.lookup,
      timeout: options.timeout_seconds * 1000,
      ...(options.authorities && { ca: [...rootCertificates, ...options.authorities] }),
    },
    headersTimeout: options.timeout_seconds * 1000,
    bodyTimeout: options.timeout_seconds * 1000,
  });
  const takeTurn = limitRate(options.requests_per_second);
  return {
    async get(url, headers, consume) {
      for (let attempt = 1; ; attempt++) {
        await takeTurn();
        try {
          return await tryOnce({ hosts, agent, options }, url, headers, consume);
        } catch (error) {
          if (!(error instanceof ConnectorFault) || !error.transient) throw error;
          const wait = error.fault.retryAfter ?? options.retry_seconds * 2 ** (attempt - 1);
          if (attempt >= options.attempts || wait > LONGEST_WAIT) throw error;
          await pause(wait * 1000);
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** An address as it may be shown: without user, password and parameters. */
export function showAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

async function tryOnce<T>(
  { hosts, agent, options }: { hosts: AllowedHosts; agent: Dispatcher; options: HttpOptions },
  start: URL,
  headers: Readonly<Record<string, string>>,
  consume: (body: Readable) => Promise<T>,
): Promise<HttpAnswer<T>> {
  // One limit for the whole answer: a body that trickles never trips the limits between its pieces.
  const signal = AbortSignal.timeout(options.timeout_seconds * 1000);
  let url = start;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const shown = options.shown ?? showAddress(url);
    try {
      await hosts.resolve(url.hostname, portOf(url));
      const proof = url.host === start.host ? await options.sign(url) : {};
      const answer = await request(url, {
        dispatcher: agent,
        method: "GET",
        headers: {
          "accept-encoding": options.unpack ? "gzip" : "identity",
          ...headers,
          ...proof,
        },
        signal,
      });
      const received = flatten(answer.headers);
      const { statusCode } = answer;
      if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
        await answer.body.dump();
        url = followRedirect(shown, url, received.location);
        continue;
      }
      if (statusCode === 304) {
        await answer.body.dump();
        return { status: 304, headers: received, value: undefined };
      }
      if (statusCode !== 200) {
        await answer.body.dump();
        return refuseStatus(shown, statusCode, received);
      }
      // Past the end of the page, an empty answer is an answer; it is read like any other.
      const packed = options.unpack && received["content-encoding"] === "gzip";
      const plain = packed ? gunzip(answer.body) : answer.body;
      const value = await consume(limitSize(plain, options.max_bytes, shown));
      return { status: statusCode, headers: received, value };
    } catch (error) {
      explainNetworkError(shown, error);
    }
  }
  const shown = options.shown ?? showAddress(start);
  return failForGood(
    shown,
    `${shown} 反复转向（超过 ${MOST_REDIRECTS} 次）。请核对接口地址。`,
    `${shown} redirects again and again (more than ${MOST_REDIRECTS} times). Check the address.`,
  );
}

function followRedirect(shown: string, from: URL, location: string | undefined): URL {
  const target =
    location && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) {
    return failForGood(
      shown,
      `${shown} 转向了无法使用的地址。请核对接口地址。`,
      `${shown} redirects to an address that cannot be used. Check the address.`,
    );
  }
  if (from.protocol === "https:" && target.protocol === "http:") {
    return failForGood(
      shown,
      `${shown} 转向了未加密的地址，未跟随。请与提供方核实。`,
      `${shown} redirects to an address without encryption, which was not followed. Ask those who run it.`,
    );
  }
  return target;
}

function refuseStatus(
  shown: string,
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
): never {
  if (status === 401 || status === 403) {
    return failForGood(
      shown,
      `${shown} 拒绝访问（${status}）。请核对该数据源的凭据与权限。`,
      `${shown} refuses access (${status}). Check the source's credentials and what they permit.`,
    );
  }
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    return failForNow(
      shown,
      `${shown} 暂时不能提供数据（${status}），稍后再试。若反复如此，请与提供方核实。`,
      `${shown} cannot answer at present (${status}); it is tried again later. If it stays so, ask those who run it.`,
      readRetryAfter(headers),
    );
  }
  return failForGood(
    shown,
    `${shown} 答复 ${status}，不会因重试而改变。请核对接口地址与参数。`,
    `${shown} answers ${status}, which trying again will not change. Check the address and its parameters.`,
  );
}

/** Seconds to wait. A date is read against the server's own clock, not ours. */
export function readRetryAfter(
  headers: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const until = Date.parse(text);
  const now = Date.parse(headers.date ?? "");
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, (until - now) / 1000);
}

function gunzip(body: Readable): Readable {
  const plain = createGunzip();
  body.on("error", (error) => plain.destroy(error));
  return body.pipe(plain);
}

function limitSize(body: Readable, most: number, shown: string): Readable {
  async function* limited() {
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += (chunk as Buffer).length;
        if (bytes > most) {
          failForGood(
            shown,
            `${shown} 的答复超过 ${most} 字节的上限（connector.max_bytes），未采用。请缩小每页条数或调高上限。`,
            `The answer of ${shown} is larger than ${most} bytes (connector.max_bytes) and was not used. Ask for smaller pages, or raise the limit.`,
          );
        }
        yield chunk as Buffer;
      }
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "Z_BUF_ERROR" || code === "Z_DATA_ERROR") {
        failForNow(
          shown,
          `${shown} 的压缩答复不完整，稍后再试。`,
          `The compressed answer of ${shown} is incomplete; it is tried again later.`,
        );
      }
      throw error;
    }
  }
  return Readable.from(limited(), { objectMode: false });
}

/** At most so many requests in a second: each takes its turn a fixed time after the one before. */
function limitRate(perSecond: number | undefined): () => Promise<void> {
  if (!perSecond) return async () => {};
  let next: Promise<unknown> = Promise.resolve();
  return async () => {
    const turn = next;
    next = turn.then(() => pause(1000 / perSecond));
    await turn;
  };
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}

function flatten(headers: Record<string, string | string[] | undefined>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}
