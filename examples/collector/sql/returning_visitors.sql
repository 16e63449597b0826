-- Visitors by organisation, and those among them who came back: on another day, in UTC.
WITH known AS (
  SELECT organization, visitor, count(DISTINCT at / 86400000) AS days, count(*) AS pages
  FROM page
  WHERE visitor IS NOT NULL
  GROUP BY organization, visitor
)
SELECT coalesce(organization, '(unknown)') AS organization, count(*) AS visitors,
  sum(CASE WHEN days > 1 THEN 1 ELSE 0 END) AS returning_visitors, sum(pages) AS pages
FROM known
GROUP BY organization
ORDER BY visitors DESC, organization
LIMIT 50
