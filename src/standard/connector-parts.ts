import { z } from "zod";

/** Where a secret is found: never in the definition itself. */
export const secret = z
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

export const openValues = z.record(z.string(), z.string()).superRefine((values, context) => {
  for (const name of Object.keys(values)) {
    if (!CREDENTIAL.test(name)) continue;
    context.addIssue({
      code: "custom",
      path: [name],
      message: `"{name}" looks like a secret, and a secret must not stand in this file; give it under auth as { env: NAME } or { file: path }`,
    });
  }
});

export const port = z.number().int().min(1).max(65535);
export const seconds = z.number().positive();

/** What every connector that goes over a network says of where it may go and how long it may wait. */
export const network = {
  /** Hosts that may be contacted, as "api.example.gov.cn" or "10.1.2.3:8443"; no other one is, whatever a redirect says. */
  allow_hosts: z.array(z.string().min(1)).min(1),
  /** Networks in which the addresses behind the names must lie, as "10.0.0.0/8". Without them every address will do but this machine's own and link-local ones. */
  allow_addresses: z.array(z.string().min(1)).min(1).optional(),
  /** Longest time for one answer. */
  timeout_seconds: seconds.default(60),
};

/** Certificate authority of the server, a PEM file relative to the workspace. */
export const authority = z.string().optional();

/** How often a request is tried, and how fast requests may follow one another. */
export const patience = {
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

export const url = z
  .url({ protocol: /^https?$/, error: "not an http or https address" })
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === "" && password === "";
  }, "a secret must not stand in this file; take the user and password out of the address and give them under auth");
