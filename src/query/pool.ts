import type { Socket } from "node:net";
import { QueryFault } from "./fault.ts";
import {
  type Announcement,
  type Column,
  type Format,
  FRAME,
  type Frame,
  type QueryEnding,
  type ResponseHead,
} from "./frames.ts";
import { BUSY, LONGEST, LOST, TIME, TOO_LONG } from "./pool-faults.ts";
import { type ProcessOptions, type QueryProcess, startProcess } from "./process.ts";
import { type LeftOut, openVisible, type VisibleOptions } from "./visible.ts";

export interface PoolOptions extends ProcessOptions, VisibleOptions {
  /** Whether a process more is kept ready for the next asker, who then need not wait for one to start. */
  readonly spare?: boolean;
  /** Processes at most. */
  readonly processes: number;
  /** Statements of one user that run at a time, and that may wait. */
  readonly perUser: number;
  readonly waitingPerUser: number;
  /** Seconds a statement may take, to its last byte. */
  readonly seconds: number;
  readonly mostRows: number;
  readonly mostBytes: number;
}

export interface Query {
  readonly user: string;
  /** The published database files to ask, absolute. */
  readonly files: readonly string[];
  /** Outputs that whoever asks may not see though the files hold them. */
  readonly left?: LeftOut | undefined;
  readonly sql: string;
  readonly format: Format;
  /** Rows wanted at most, below what the pool allows. */
  readonly mostRows?: number;
  /** Whether CSV begins with a byte order mark; it does unless this is false. */
  readonly byteOrderMark?: boolean;
}

export interface QueryAnswer {
  readonly columns: readonly Column[];
  /** A long one had better be sent by the process itself: between two processes every byte costs twice. */
  readonly long: boolean;
  /** The bytes of the answer; leaving it off early ends the query. */
  readonly body: AsyncGenerator<Uint8Array, QueryEnding>;
  /**
   * Instead of reading `body` of a long answer: hands a connection of Node's HTTP server over to the process, which writes
   * the response and ends the connection.
   */
  sendTo(connection: Socket, head: ResponseHead): Promise<void>;
  /** Ends the query, also when the body was never begun. */
  cancel(): void;
}

export interface QueryPool {
  /** @throws QueryFault, before the first byte or midway in `body` */
  run(query: Query): Promise<QueryAnswer>;
  /** Processes running just now, by id. */
  pids(): number[];
  close(): void;
}

/** How long an interrupted statement may take to give up. */
const GRACE_MS = 1000;
/** Starting a process and opening files may take so long. */
const START_MS = 120_000;
/** How long a process may look itself over after an answer before it is given up. */
const LOOK_OVER_MS = 10_000;

/**
 * Runs statements in processes of their own, a few at a time, in turns between users. A process serves one user all its life.
 */
export function openPool(options: PoolOptions): QueryPool {
  const idle: QueryProcess[] = [];
  const busy = new Set<QueryProcess>();
  const running = new Map<string, number>();
  const waiting: { readonly user: string; readonly start: () => void }[] = [];
  let closed = false;
  let spare: QueryProcess | undefined;
  const entered = () => [...running.values()].reduce((sum, count) => sum + count, 0);

  const mayStart = (user: string) =>
    entered() < options.processes && (running.get(user) ?? 0) < options.perUser;
  const enter = async (user: string) => {
    if (closed) throw new QueryFault(LOST);
    if (!mayStart(user)) {
      const own = waiting.filter((one) => one.user === user).length;
      if (own >= options.waitingPerUser) throw new QueryFault(BUSY);
      await new Promise<void>((start) => waiting.push({ user, start }));
    }
    running.set(user, (running.get(user) ?? 0) + 1);
  };
  const living = () =>
    [...idle, ...busy, ...(spare ? [spare] : [])].filter((process) => process.isAlive());
  const leave = (user: string, process: QueryProcess | undefined) => {
    if (process) {
      busy.delete(process);
      if (process.isAlive() && !closed) idle.push(process);
      else process.kill();
    }
    const count = (running.get(user) ?? 1) - 1;
    if (count > 0) running.set(user, count);
    else running.delete(user);
    const next = waiting.findIndex((one) => mayStart(one.user));
    if (next >= 0) waiting.splice(next, 1)[0]?.start();
  };
  const takeFresh = (): QueryProcess => {
    // Others' idle processes make room: theirs is never used for anyone else.
    while (idle.length + busy.size >= options.processes) {
      const oldest = idle.shift();
      if (!oldest) break;
      oldest.kill();
    }
    const ready = spare;
    spare = undefined;
    return ready?.isAlive() ? ready : startProcess(options);
  };
  const take = (user: string, files: string): QueryProcess => {
    const living = idle.filter((process) => process.isAlive());
    const own = living.filter((process) => process.user === user);
    const chosen = own.find((process) => process.files === files) ?? own[0];
    idle.splice(0, idle.length, ...living.filter((process) => process !== chosen));
    return Object.assign(chosen ?? takeFresh(), { user });
  };
  /** One that said that its last statement left nothing behind; those that did not are gone, or are ended. */
  const takeReady = async (user: string, files: string): Promise<QueryProcess> => {
    for (;;) {
      const chosen = take(user, files);
      busy.add(chosen);
      if (!chosen.owesReady) return chosen;
      const clock = setTimeout(() => chosen.kill(), LOOK_OVER_MS);
      const said = await chosen.next();
      clearTimeout(clock);
      chosen.owesReady = false;
      if (said?.kind === FRAME.ready) return chosen;
      chosen.kill();
      busy.delete(chosen);
    }
  };
  const prepareSpare = () => {
    if (options.spare && !closed && !spare?.isAlive()) spare = startProcess(options);
  };
  const visible = openVisible(options);

  return {
    async run(query) {
      if (query.sql.length > LONGEST) throw new QueryFault(TOO_LONG);
      await enter(query.user);
      let process: QueryProcess | undefined;
      let left = false;
      const done = () => {
        if (!left) leave(query.user, process);
        left = true;
      };
      try {
        const files = await visible(query.files, query.left);
        if (closed) throw new QueryFault(LOST);
        process = await takeReady(query.user, files.join("\n"));
        return await start(process, { ...query, files }, options, done);
      } catch (error) {
        done();
        throw error;
      } finally {
        prepareSpare();
      }
    },
    pids: () => living().map(({ pid }) => pid),
    close() {
      closed = true;
      for (const process of living()) process.kill();
    },
  };
}

/** Opens the files if need be, hands over the statement and waits for the first word. */
async function start(
  process: QueryProcess,
  { files, sql, format, mostRows = Number.POSITIVE_INFINITY, byteOrderMark = true }: Query,
  options: PoolOptions,
  done: () => void,
): Promise<QueryAnswer> {
  const places = files.join("\n");
  if (process.files !== places) {
    process.files = places;
    process.send({ order: "open", files });
    const clock = setTimeout(() => process.kill(), START_MS);
    const first = await process.next();
    clearTimeout(clock);
    if (first?.kind !== FRAME.ready) {
      process.kill();
      throw readFault(process, first);
    }
  }
  const clock = limitTime(process, options.seconds);
  process.owesReady = true;
  process.send({
    order: "run",
    sql,
    format,
    mostRows: Math.min(mostRows, options.mostRows),
    mostBytes: options.mostBytes,
    byteOrderMark,
  });
  const first = await process.next();
  if (first?.kind !== FRAME.columns) {
    clock.stop();
    throw readFault(process, first, clock);
  }
  const { columns, long }: Announcement = JSON.parse(first.body.toString());
  return {
    columns,
    long,
    body: readBody(process, clock, done, long),
    async sendTo(connection, head) {
      process.send({ order: "send", ...head }, connection);
      // What is left to be read is how it ended.
      await readBody(process, clock, done, false).next();
    },
    cancel() {
      if (!clock.isStopped()) process.kill();
      clock.stop();
      done();
    },
  };
}

type Clock = ReturnType<typeof limitTime>;

/** Interrupts a statement when its time is over, and kills its process when that does not help. */
function limitTime(process: QueryProcess, seconds: number) {
  let over = false;
  let timer = setTimeout(() => {
    over = true;
    process.send({ order: "interrupt" });
    timer = setTimeout(() => process.kill(), GRACE_MS);
  }, seconds * 1000);
  let stopped = false;
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    isStopped: () => stopped,
    isOver: () => over,
  };
}

async function* readBody(
  process: QueryProcess,
  clock: Clock,
  done: () => void,
  handBack: boolean,
): AsyncGenerator<Uint8Array, QueryEnding> {
  let ended = false;
  try {
    if (handBack) process.send({ order: "hand-back" });
    for (;;) {
      const frame = await process.next();
      if (frame?.kind === FRAME.data) {
        yield frame.body;
        continue;
      }
      ended = frame !== undefined;
      if (frame?.kind === FRAME.ending) return JSON.parse(frame.body.toString());
      throw readFault(process, frame, clock);
    }
  } finally {
    clock.stop();
    // A process that is in the middle of an answer nobody wants, or about to exit, is of no further use.
    if (!ended) process.kill();
    done();
  }
}

/** What a frame says that is neither data nor an ending; without one the process is gone. */
function readFault(process: QueryProcess, frame: Frame | undefined, clock?: Clock): QueryFault {
  if (frame?.kind === FRAME.collapse) process.kill();
  if (clock?.isOver()) return new QueryFault(TIME);
  return new QueryFault(frame ? JSON.parse(frame.body.toString()) : LOST);
}
