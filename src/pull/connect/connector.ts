import type { Logger } from "pino";
import type { Connector, ConnectorType } from "../../standard/connector-definition.ts";
import type { PageFormat, PageReading, PageTask } from "./read-page.ts";
import type { ReceivedBytes } from "./receive-file.ts";
import type { Secrets } from "./secrets.ts";

/** A file on its way in: its bytes stand in the receiving folder under their hash. */
export interface Arrival extends ReceivedBytes {
  /** What it is called where it comes from; relative, with "/" between parts. */
  readonly name: string;
  readonly address: string;
  /** What the other side calls this version. */
  readonly version: string | null;
}

/** How far an address has been fetched. */
export interface Mark {
  readonly address: string;
  readonly mark: unknown;
}

/** What belongs together: kept all at once or not at all. */
export interface Haul {
  readonly arrivals: readonly Arrival[];
  readonly marks: readonly Mark[];
  /** Marks of other addresses are forgotten: the connector names all that still count. */
  readonly forgetOthers?: boolean;
}

/** What a connector is given. It touches the database only through `markOf` and `keep`. */
export interface Fetching {
  readonly sourceId: string;
  /** Where the records stand in JSON. */
  readonly format: PageFormat;
  readonly workspace: string;
  /** Where bytes are written, see receiveFile; absolute. */
  readonly folder: string;
  readonly timeZone: string;
  readonly secrets: Secrets;
  readonly clock: () => Date;
  readonly log: Logger;
  /** What was kept of an address by an earlier fetch. */
  markOf(address: string): unknown;
  /** Whether something was received before from an address that begins so. */
  cameFrom(address: string): Promise<boolean>;
  /**
   * Looks at a page in the process that reads delivered files.
   * @throws RefusedFile when the page brought it down or goes beyond a bound
   */
  readPage(page: Omit<PageTask, "bounds">): Promise<PageReading>;
  /** Keeps files and moves marks in one step. */
  keep(haul: Haul): Promise<void>;
}

/** Fetches what is new; throws a ConnectorFault. Every module in CONNECTORS exports one as `fetchNew`. */
export type Fetch<C extends Connector> = (connector: C, fetching: Fetching) => Promise<void>;

export type RemoteType = Exclude<ConnectorType, "folder" | "inbox">;

/** Loaded only when a source uses them: their libraries would slow every start. */
const CONNECTORS: {
  [T in RemoteType]: () => Promise<{ fetchNew: Fetch<Extract<Connector, { type: T }>> }>;
} = {
  "watched-folder": () => import("./watched-folder.ts"),
  "http-json": () => import("./http-json.ts"),
  postgresql: () => import("./postgresql.ts"),
  mariadb: () => import("./mariadb.ts"),
  s3: () => import("./s3.ts"),
  sftp: () => import("./sftp.ts"),
};

/** Runs the connector of a source. */
export async function runConnector(
  connector: Exclude<Connector, { type: "folder" | "inbox" }>,
  fetching: Fetching,
): Promise<void> {
  const { fetchNew } = await CONNECTORS[connector.type]();
  await (fetchNew as Fetch<Connector>)(connector, fetching);
}
