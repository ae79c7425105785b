CREATE TABLE "scheduled_files" (
	"file_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"scheduled_id" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "scheduled_files_message" ON "scheduled_files" ("scheduled_id","position");
--> statement-breakpoint
ALTER TABLE "scheduled_files" ADD CONSTRAINT "scheduled_files_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "scheduled_files" ADD CONSTRAINT "scheduled_files_scheduled_id_fk" FOREIGN KEY ("scheduled_id") REFERENCES "scheduled_messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
