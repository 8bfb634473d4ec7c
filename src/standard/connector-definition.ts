import { z } from "zod";
import { inboxConnector } from "./inbox-connector.ts";

/** Where a secret is found: never in the definition itself. */
const secret = z
  .strictObject(
    {
      /** Name of an environment variable. */
      env: z
        .string()
        .regex(/^[A-Z_][A-Z0-9_]*$/i, "not the name of an environment variable")
        .optional(),
      /** A file that holds the secret and nothing else, relative to the workspace. */
      file: z.string().min(1).optional(),
    },
    {
      error: (issue) =>
        issue.code === "invalid_type"
          ? "a secret must not stand in this file; put it into the environment and write { env: NAME }, or into a file and write { file: path }"
          : undefined,
    },
  )
  .refine(
    ({ env, file }) => (env === undefined) !== (file === undefined),
    "give env or file, one of them",
  );

/** Names that give a header or parameter away as a credential. */
const CREDENTIAL = /auth|token|key|secret|cookie|passw|signature|credential/i;

const openValues = z.record(z.string(), z.string()).superRefine((values, context) => {
  for (const name of Object.keys(values)) {
    if (!CREDENTIAL.test(name)) continue;
    context.addIssue({
      code: "custom",
      path: [name],
      message: `"{name}" looks like a secret, and a secret must not stand in this file; give it under auth as { env: NAME } or { file: path }`,
    });
  }
});

const port = z.number().int().min(1).max(65535);
const seconds = z.number().positive();

/** What every connector that goes over a network says of where it may go and how long it may wait. */
const network = {
  /** Hosts that may be contacted, as "api.example.gov.cn" or "10.1.2.3:8443"; no other one is, whatever a redirect says. */
  allow_hosts: z.array(z.string().min(1)).min(1),
  /** Networks in which the addresses behind the names must lie, as "10.0.0.0/8". Without them every address will do but this machine's own and link-local ones. */
  allow_addresses: z.array(z.string().min(1)).min(1).optional(),
  /** Longest time for one answer. */
  timeout_seconds: seconds.default(60),
};

/** Certificate authority of the server, a PEM file relative to the workspace. */
const authority = z.string().optional();

/** How often a request is tried, and how fast requests may follow one another. */
const patience = {
  attempts: z.number().int().min(1).max(10).default(4),
  /** Wait before the second attempt; it doubles with each further one. A server's Retry-After goes before. */
  retry_seconds: seconds.default(1),
  requests_per_second: z.number().positive().optional(),
  ca: authority,
  /** Largest answer taken, in bytes. */
  max_bytes: z
    .number()
    .int()
    .positive()
    .default(256 * 1024 * 1024),
};

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

const url = z
  .url({ protocol: /^https?$/, error: "not an http or https address" })
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === "" && password === "";
  }, "a secret must not stand in this file; take the user and password out of the address and give them under auth");

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
  /** Link: <...>; rel="next", RFC 8288. */
  z.strictObject({ type: z.literal("link") }),
  z.strictObject({
    type: z.literal("cursor"),
    parameter: z.string().default("cursor"),
    /** Where in the answer the next cursor stands, as paging.next; a whole address is followed. */
    next: z.string(),
    /** The last cursor is kept, and the next fetch goes on from it. */
    resume: z.boolean().default(false),
  }),
]);

const httpJson = z.strictObject({
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
  format: string,
): { path: string[]; message: string }[] {
  if (given.type === "postgresql" || given.type === "mariadb") {
    return format === "ndjson"
      ? []
      : [
          {
            path: ["format", "type"],
            message: "rows of a database are kept as ndjson; write ndjson",
          },
        ];
  }
  if (given.type === "http-json" && format !== "json") {
    return [{ path: ["format", "type"], message: "http-json fetches JSON; write json" }];
  }
  if (given.type === "sftp" && !given.password && !given.private_key) {
    return [{ path: ["connector"], message: "give password or private_key" }];
  }
  return [];
}
