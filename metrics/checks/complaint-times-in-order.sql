/*
title: { zh: 投诉的各时间先后合理, en: A complaint's times are in order }
kinds: [complaint]
severity: warn
message:
  zh: "有 {rows} 件投诉的签收、答复或办结早于受理，请报送单位核对时间。"
  en: "{rows} complaints were signed, answered or closed before they were received; ask the sender to check the times."
*/
SELECT record_key, file_id, line,
  'received ' || CAST(received_at AS VARCHAR)
    || CASE WHEN signed_at < received_at THEN ', signed ' || CAST(signed_at AS VARCHAR) ELSE '' END
    || CASE WHEN responded_at < received_at THEN ', answered ' || CAST(responded_at AS VARCHAR) ELSE '' END
    || CASE WHEN closed_at < received_at THEN ', closed ' || CAST(closed_at AS VARCHAR) ELSE '' END AS detail
FROM record
WHERE signed_at < received_at OR responded_at < received_at OR closed_at < received_at
