CREATE TABLE "former_usernames" (
	"username" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"free_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "former_usernames_user" ON "former_usernames" ("user_id");
--> statement-breakpoint
CREATE TABLE "message_purges" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "former_usernames" ADD CONSTRAINT "former_usernames_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "message_purges" ADD CONSTRAINT "message_purges_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
