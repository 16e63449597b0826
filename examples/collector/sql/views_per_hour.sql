-- Page views in each hour that had one, the latest two days of them.
SELECT at / 3600000 * 3600000 AS hour, count(navigation) AS views
FROM page
GROUP BY at / 3600000
ORDER BY hour DESC
LIMIT 48
