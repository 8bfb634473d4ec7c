import { z } from "zod";
import { authority, network, patience, port, secret, url } from "./connector-parts.ts";
import { findHttpFaults, httpJson } from "./http-connector.ts";
import { inboxConnector } from "./inbox-connector.ts";

/** Which files of a delivery folder are taken, and when they are whole. */
const delivery = {
  /** Glob on names below the folder. */
  match: z.string().default("*"),
  /** Size and time of change must stand still for so long. */
  settle_seconds: z.number().min(0).default(5),
  /** Ending of a marker file: a.csv is taken once a.csv.done is there. */
  done_marker: z
    .string()
    .regex(/^\.[\w.-]+$/, "an ending, as .done")
    .optional(),
  /** More names of files still being written, beside *.part, *.partial, *.tmp, *.temp, *.filepart, *.crdownload, *.writing and *.lock. */
  temporary: z.array(z.string()).optional(),
};

export const folderConnector = z.strictObject({
  type: z.literal("folder"),
  /** Relative to the workspace. */
  path: z.string(),
  /** Glob on names below the folder. */
  match: z.string().default("*"),
});

const watchedFolder = z.strictObject({
  type: z.literal("watched-folder"),
  /** Relative to the workspace, or absolute. */
  path: z.string(),
  ...delivery,
  /** What becomes of a file once it is safely kept. */
  after: z.enum(["keep", "remove"]).default("keep"),
});

const database = {
  host: z.string().min(1),
  database: z.string().min(1),
  user: z.string().min(1),
  password: secret.optional(),
  ...network,
  /** verify: encrypted, certificate checked; encrypt: encrypted only; off: for a server on the same machine or a closed network. */
  tls: z.enum(["verify", "encrypt", "off"]).default("verify"),
  ca: authority,
  /** One SELECT; it runs inside a read-only transaction. */
  query: z.string().min(1),
  mark: z
    .strictObject({
      /** Column of the query that only grows, as updated_at. */
      column: z.string(),
      type: z.enum(["timestamp", "number", "text"]).default("timestamp"),
      start: z.string().optional(),
      /** How far back each fetch looks again, in seconds or units of the number: for transactions that end late. */
      overlap: z.number().min(0).default(0),
    })
    .optional(),
};

const s3 = z.strictObject({
  type: z.literal("s3"),
  endpoint: url,
  region: z.string().default("us-east-1"),
  bucket: z.string().min(1),
  prefix: z.string().default(""),
  /** Glob on keys below the prefix. */
  match: z.string().default("**"),
  access_key_id: z.string().min(1),
  secret_access_key: secret,
  /** Whether the bucket's name goes into the path or before the host. */
  addressing: z.enum(["path", "host"]).default("path"),
  ...network,
  ...patience,
});

const sftp = z.strictObject({
  type: z.literal("sftp"),
  host: z.string().min(1),
  port: port.default(22),
  user: z.string().min(1),
  password: secret.optional(),
  private_key: secret.optional(),
  passphrase: secret.optional(),
  /** Fingerprints of the server's key as ssh-keygen -l prints them, "SHA256:…"; any other server is refused. */
  host_key: z
    .array(
      z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'a fingerprint, as "SHA256:…" by ssh-keygen -l'),
    )
    .min(1),
  path: z.string(),
  ...network,
  ...delivery,
});

/** How files of a source come here. docs/sources.md explains every key. */
export const connector = z.discriminatedUnion("type", [
  folderConnector,
  inboxConnector,
  watchedFolder,
  httpJson,
  z.strictObject({ type: z.literal("postgresql"), port: port.default(5432), ...database }),
  z.strictObject({ type: z.literal("mariadb"), port: port.default(3306), ...database }),
  s3,
  sftp,
]);

export type Connector = z.infer<typeof connector>;
export type ConnectorType = Connector["type"];
export type ConnectorOf<T extends ConnectorType> = Extract<Connector, { type: T }>;
export type SecretReference = z.infer<typeof secret>;
/** How the files of a delivery folder, here or on a server, are told to be whole. */
export type DeliveryRules = Pick<
  ConnectorOf<"watched-folder">,
  "match" | "settle_seconds" | "done_marker" | "temporary"
>;

/** What a connector and the format of its source say against one another; paths are relative to the source. */
export function findConnectorFaults(
  given: Connector,
  formatType: string,
): { path: string[]; message: string }[] {
  if (given.type === "postgresql" || given.type === "mariadb") {
    return formatType === "ndjson"
      ? []
      : [
          {
            path: ["format", "type"],
            message: "rows of a database are kept as ndjson; write ndjson",
          },
        ];
  }
  if (given.type === "http-json") return findHttpFaults(given, formatType);
  if (given.type === "sftp" && !given.password && !given.private_key) {
    return [{ path: ["connector"], message: "give password or private_key" }];
  }
  return [];
}
