-- One row for each page that somebody saw. Its dwell is the latest that was told.
CREATE TABLE IF NOT EXISTS page (
  id text PRIMARY KEY,
  site text NOT NULL,
  visitor text,
  rule text NOT NULL,
  dnt text,
  gpc boolean,
  optout boolean,
  organization text,
  url text NOT NULL,
  referrer text NOT NULL,
  title text NOT NULL,
  at bigint NOT NULL,       -- Unix time in ms
  told bigint NOT NULL,     -- the seq of the event that told address and title
  navigation text,          -- how the visitor came here; null until the view itself is told
  visible bigint,           -- ms
  engaged bigint,           -- ms
  scroll double precision,  -- the deepest share seen, 0..1
  dwelt bigint NOT NULL     -- the seq of that dwell; -1 before the first
);

CREATE INDEX IF NOT EXISTS page_of_visitor ON page (visitor, at);

-- Clicks and custom events: each pair of page and seq once, however often it came.
CREATE TABLE IF NOT EXISTS event (
  page text NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  at bigint,
  data text NOT NULL,  -- the event as JSON
  PRIMARY KEY (page, seq)
);

-- Digests of identifiers that were forgotten: what still arrives under one is stored without it.
CREATE TABLE IF NOT EXISTS forgotten (
  digest text PRIMARY KEY
);
