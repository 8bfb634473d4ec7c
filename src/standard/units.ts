/** Factors to the base unit of a core column: money to yuan (or the currency's unit), people to persons. */
export const UNITS: Record<string, string> = {
  元: "1",
  千元: "1000",
  万元: "10000",
  百万元: "1000000",
  亿元: "100000000",
  人: "1",
  万人: "10000",
  USD: "1",
  thousand_usd: "1000",
  thousand: "1000",
  million: "1000000",
  "%": "0.01",
  "1": "1",
};
