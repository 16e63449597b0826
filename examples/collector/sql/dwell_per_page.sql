-- How long each address was seen, on average over the views that told it.
SELECT url, count(navigation) AS views, count(DISTINCT visitor) AS visitors,
  avg(visible) AS visible, avg(engaged) AS engaged, avg(scroll) AS scroll
FROM page
GROUP BY url
ORDER BY views DESC, url
LIMIT 50
