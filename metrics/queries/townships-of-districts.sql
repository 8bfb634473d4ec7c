/*
title: { zh: 各区市所辖街道、镇的平均得分, en: "Subdistricts and towns of each district" }
answers:
  zh: "每个区市的街道和镇有多少参加排名，平均与最低得分。"
  en: "How many subdistricts and towns of each district are ranked, with their mean and lowest score."
*/
SELECT d.entity_id, d.name_zh, count(*) AS townships, round(avg(r.score), 2) AS mean_score, round(min(r.score), 2) AS lowest_score
FROM rank r
JOIN entity t ON t.entity_id = r.entity_id
JOIN entity d ON d.entity_id = t.parent_id
WHERE r.period = (SELECT period FROM run) AND r.level = 'township' AND r.state = 'ranked'
GROUP BY d.entity_id, d.name_zh
ORDER BY mean_score DESC, d.entity_id
