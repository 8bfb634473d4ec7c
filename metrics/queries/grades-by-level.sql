/*
title: { zh: 各层级的等次分布, en: "Grades at each level" }
answers:
  zh: "各层级各等次的单位数与平均得分。"
  en: "How many bodies of each level have each grade, and their mean score."
*/
SELECT level, grade, count(*) AS bodies, round(avg(score), 2) AS mean_score
FROM rank
WHERE period = (SELECT period FROM run) AND state = 'ranked'
GROUP BY level, grade
ORDER BY level, grade
