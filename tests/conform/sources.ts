/** Source definitions the tests of conform share. */

const HEAD = `
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
`;

export const BODIES = `
source: bodies
title: { zh: 单位, en: Bodies }
${HEAD}
format: { type: csv }
kind: entity
key: [entity_id]
valid: { from: valid_from, to: valid_to }
known_at: { date: 2018-01-01 }
columns:
  entity_id: { from: id }
  level: { value: district }
  name_zh: { from: name, optional: true }
  name_en: { from: name, optional: true }
  peer_class: { value: district }
  division_code: { from: id, optional: true }
  uscc: { from: uscc, optional: true }
  valid_from: { from: since, default: 2000-01-01, optional: true }
  valid_to: { from: until, optional: true }
`;

export const ALIASES = `
source: aliases
title: { zh: 旧代码, en: Old codes }
${HEAD}
format: { type: csv }
kind: entity_code
key: [scheme, code]
valid: { from: valid_from, to: valid_to }
known_at: { date: 2018-01-01 }
columns:
  entity_id: { from: entity }
  scheme: { from: scheme }
  code: { from: code }
  valid_from: { from: since }
  valid_to: { from: until, optional: true }
`;

export const PENALTIES = `
source: penalties
title: { zh: 行政处罚, en: Penalties }
${HEAD}
format: { type: csv }
kind: publicity_item
key: [entity_id, document_no]
valid: { from: decided_on }
known_at: { column: SJ }
retention_months: 24
columns:
  entity_id: { from: [CF_CFJGDM, JGDM], entity: [gb2260, uscc, name] }
  list: { value: penalty }
  document_no: { from: CF_WSH }
  subject_kind: { from: CF_XDR_LB, codes: { 法人: organisation, 自然人: person }, optional: true }
  subject_uscc: { from: CF_XDR_SHXYM, check: uscc, optional: true }
  person_ref: { from: CF_XDR_ZJHM, person: { role: subject, field: id_number }, optional: true }
  decided_on: { from: CF_JDRQ, max: 2018-12-31 }
  published_on: { from: GS_RQ, empty: ["-"], optional: true }
  fine_amount: { from: CF_NR_FK, unit: 万元, min: 0, optional: true }
restricted:
  - { from: CF_FRDB, role: subject, field: name, of: person_ref, optional: true }
expectations: { quarantine_share: 1 }
`;

/** Records with a key, one content column and a time of knowledge, for the laws of versions. */
export const HONOURS = `
source: honours
title: { zh: 荣誉, en: Honours }
${HEAD}
format: { type: csv }
kind: honour
key: [record_key]
valid: { from: awarded_on }
known_at: { column: known }
columns:
  record_key: { from: key }
  entity_id: { from: body, entity: [local] }
  title: { from: title, optional: true }
  rank: { value: municipal }
  awarded_on: { value: 2018-01-01 }
expectations: { quarantine_share: 0.5 }
`;

export const DISTRICTS = [
  { id: "370202", name: "市南区" },
  { id: "370215", name: "即墨区", since: "2017-10-30" },
];

/** A good penalty row, with what is to be different about it. */
export function penalty(change: Readonly<Record<string, string | null>>) {
  return {
    CF_CFJGDM: "370202",
    CF_WSH: "1号",
    CF_XDR_LB: "法人",
    CF_XDR_SHXYM: "11330702056851584G",
    CF_XDR_ZJHM: "",
    CF_JDRQ: "2018-03-01",
    GS_RQ: "2018-03-05",
    CF_NR_FK: "1",
    SJ: "2018-03-06",
    CF_FRDB: "",
    ...change,
  };
}
