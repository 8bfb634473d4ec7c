/** Who may do what, from least to most: each role may do all that those before it may. */
export const ROLES = ["public", "analyst", "officer", "admin"] as const;

export type Role = (typeof ROLES)[number];

/** Whether a role has at least the rights of another. */
export function hasRights(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** Whoever sends a request. Nobody in particular is public. */
export interface Visitor {
  readonly role: Role;
  /** The token's id, for the audit and for limits; null without a token. Never the token itself. */
  readonly token: string | null;
  readonly name: string | null;
  /** The body an officer acts for; null: for any, as the credit office does. */
  readonly body: string | null;
  /** The office it belongs to, which may be one that a pipeline's internal outputs are for (src/standard/audience.ts). */
  readonly office: string | null;
}

export const ANYBODY: Visitor = {
  role: "public",
  token: null,
  name: null,
  body: null,
  office: null,
};

/** Whether a visitor may act in the name of a body, as when filing an objection. */
export function mayActFor({ role, body }: Visitor, entity: string): boolean {
  if (!hasRights(role, "officer")) return false;
  return role === "admin" || body === null || body === entity;
}

/** Who a visitor is in the audit journal: the token's name and id, never the token itself, and the role it gives. */
export function describeActor({ name, token, role }: Visitor) {
  return { actor: `${name ?? "–"} (${token ?? "–"})`, role };
}
