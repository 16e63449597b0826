-- The clickstream: the pages of each visit in order. A visit ends with a pause of half an hour.
-- A page without identifier cannot be linked, so that it is a visit of its own.
WITH told AS (
  SELECT *, coalesce(visitor, id) AS who,
    at - lag(at) OVER (PARTITION BY coalesce(visitor, id) ORDER BY at, id) AS pause
  FROM page
), numbered AS (
  SELECT *, sum(CASE WHEN pause <= 1800000 THEN 0 ELSE 1 END)
    OVER (PARTITION BY who ORDER BY at, id) AS visit
  FROM told
)
SELECT who, visit, organization, at, url, title, visible, engaged,
  (SELECT count(*) FROM event WHERE event.page = numbered.id AND event.type = 'click') AS clicks
FROM numbered
ORDER BY max(at) OVER (PARTITION BY who, visit) DESC, who, visit, at, id
LIMIT 200
