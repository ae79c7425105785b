ALTER TABLE "files" ADD COLUMN "is_animated" bigint DEFAULT 0 NOT NULL
