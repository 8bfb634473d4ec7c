/*
title: { zh: 本年授予的荣誉, en: "Honours of the year" }
answers:
  zh: "本年各级荣誉授予了多少项，其中多少已撤销。"
  en: "How many honours of each rank were awarded this year, and how many of them were revoked."
*/
SELECT rank, count(*) AS awarded, count(revoked_on) AS revoked
FROM honour
WHERE year(awarded_on) = (SELECT year(max(ends_on)) FROM period)
GROUP BY rank
ORDER BY rank
