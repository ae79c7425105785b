ALTER TABLE "incoming_webhooks" ADD COLUMN "created_by" text COLLATE "C" CONSTRAINT "incoming_webhooks_created_by_fk" REFERENCES users(id) ON DELETE set null DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "server_members" ADD COLUMN "join_answers" text COLLATE "C"
