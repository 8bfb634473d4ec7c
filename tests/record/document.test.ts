import { expect, test } from "vitest";
import { nameActor } from "../../src/record/document.ts";

const OFFICE = {
  office: { title: { zh: "市信用办", en: "Credit Office" }, mark: "信", known_as: ["信用办公室"] },
};
const NAMES = new Map([
  ["990101", { zh: "东城新区", en: "Dongcheng New Area" }],
  ["990102", { zh: "西河区", en: "Xihe District" }],
  ["990103", { zh: "西河区", en: "Another Xihe" }],
]);

test.each([
  ["the issuing office by another name", "信用办公室", { zh: "市信用办", en: "Credit Office" }],
  ["a body by its code", "990102", { zh: "西河区", en: "Xihe District" }],
  ["a body by its name", "东城新区", { zh: "东城新区", en: "Dongcheng New Area" }],
  ["a name that two bodies have, as it is written", "西河区", { zh: "西河区", en: "西河区" }],
  ["somebody else, as it is written", "省厅", { zh: "省厅", en: "省厅" }],
])("an actor is named in both languages: %s", (_, actor, named) => {
  expect(nameActor(actor, OFFICE, NAMES)).toEqual(named);
});
