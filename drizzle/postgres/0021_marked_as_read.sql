ALTER TABLE "read_positions" ADD COLUMN "marked_at" bigint;
--> statement-breakpoint
ALTER TABLE "read_positions" ADD COLUMN "previous_position" bigint;
--> statement-breakpoint
ALTER TABLE "read_positions" ADD COLUMN "previous_ordinal" bigint
