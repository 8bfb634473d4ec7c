/*
title: { zh: 合同各日期先后合理, en: A contract's dates are in order }
kinds: [contract]
severity: warn
message:
  zh: "有 {rows} 份合同的公告、验收或付款早于签订，请核对日期。"
  en: "{rows} contracts were published, accepted or paid before they were signed; check the dates."
*/
SELECT record_key, file_id, line,
  'signed ' || CAST(signed_on AS VARCHAR) || coalesce(', published ' || CAST(contract_published_on AS VARCHAR), '')
    || coalesce(', accepted ' || CAST(accepted_on AS VARCHAR), '') || coalesce(', paid ' || CAST(paid_on AS VARCHAR), '') AS detail
FROM record
WHERE contract_published_on < signed_on OR accepted_on < signed_on OR paid_on < signed_on
