ALTER TABLE "read_positions" ADD COLUMN "counted_as_read" bigint DEFAULT 0 NOT NULL
