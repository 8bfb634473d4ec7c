/**
 * Core columns of text that a publication shows as they were delivered, by record kind; all other text of a delivery is
 * shown nowhere but in the quarantine. docs/data-dictionary.md marks them.
 */
export const PUBLIC_TEXTS: Readonly<Record<string, readonly string[]>> = {
  entity: ["level", "kind", "name_zh", "name_en", "peer_class"],
  entity_code: ["code"],
  complaint: ["record_key", "channel", "category", "subcategory", "satisfaction", "repeat_of"],
  dishonesty_record: [
    "record_key",
    "record_type",
    "severity",
    "field",
    "document_no",
    "issuing_body",
  ],
  commitment: ["record_key", "kind", "field", "state"],
  publicity_item: ["record_key", "list", "document_no", "category", "subject_kind"],
  decision_procedure: ["record_key"],
  proposal: ["record_key", "kind", "topic", "satisfaction", "outcome"],
  contract: [
    "record_key",
    "kind",
    "project_no",
    "stage",
    "outcome",
    "breach_by",
    "breach_stage",
    "responsible_role",
  ],
  debt_position: ["frequency", "currency", "scope", "external_rating", "source_grade"],
  training: ["record_key", "topic"],
  inspection: ["record_key", "kind"],
  honour: ["record_key", "title", "rank"],
  task: ["record_key", "kind"],
  third_party_rating: ["record_key", "rater", "grade"],
  service_commitment: ["record_key", "field", "satisfaction"],
  observation: ["record_key", "measure"],
  record_event: ["record_key", "of_record", "event", "actor_body", "document_no"],
};
