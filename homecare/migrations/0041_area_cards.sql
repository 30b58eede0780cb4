-- Two people at one area's card: as those of clients, homes and workers, it tells which one was read.
ALTER TABLE areas ADD COLUMN revision integer NOT NULL DEFAULT 1;
