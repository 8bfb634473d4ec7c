/** Invented persons. Numbers and names have forms that no real ones have: no phone number here starts with 100, no identity card with HC. */
const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];

export function personName(number: number): string {
  return `${SURNAMES[number % SURNAMES.length]}某（合成）`;
}

export function phoneNumber(number: number): string {
  return `100${String(number).padStart(8, "0")}`;
}

export function idNumber(number: number): string {
  return `HC${String(number).padStart(16, "0")}`;
}

export function companyName(number: number): string {
  return `青岛合成企业${String(number).padStart(4, "0")}有限公司`;
}
