CREATE TABLE "account_deletions" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"messages" text COLLATE "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "account_deletions_due" ON "account_deletions" ("due_at");
--> statement-breakpoint
CREATE TABLE "data_exports" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"server_id" text COLLATE "C",
	"state" text COLLATE "C" DEFAULT 'waiting' NOT NULL,
	"key" text COLLATE "C",
	"bytes" bigint,
	"failure" text COLLATE "C",
	"started_at" bigint,
	"finished_at" bigint,
	"expires_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "data_exports_user" ON "data_exports" ("user_id","created_at");
--> statement-breakpoint
CREATE INDEX "data_exports_state" ON "data_exports" ("state","created_at");
--> statement-breakpoint
CREATE INDEX "data_exports_due" ON "data_exports" ("expires_at") WHERE "data_exports"."expires_at" is not null;
--> statement-breakpoint
CREATE TABLE "email_addresses" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"address" text COLLATE "C" NOT NULL,
	"verified_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "email_addresses_verified" ON "email_addresses" ("address") WHERE "email_addresses"."verified_at" is not null;
--> statement-breakpoint
CREATE TABLE "identity_providers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"issuer" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"client_secret" text COLLATE "C" NOT NULL,
	"scopes" text COLLATE "C" DEFAULT 'openid profile email' NOT NULL,
	"groups_claim" text COLLATE "C" DEFAULT '' NOT NULL,
	"group_roles" text COLLATE "C" NOT NULL,
	"domains" text COLLATE "C" NOT NULL,
	"is_enabled" bigint DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"credential_id" text COLLATE "C" NOT NULL,
	"public_key" text COLLATE "C" NOT NULL,
	"counter" bigint DEFAULT 0 NOT NULL,
	"transports" text COLLATE "C" NOT NULL,
	"device_type" text COLLATE "C" NOT NULL,
	"is_backed_up" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE UNIQUE INDEX "passkeys_credential_id_unique" ON "passkeys" ("credential_id");
--> statement-breakpoint
CREATE INDEX "passkeys_user" ON "passkeys" ("user_id");
--> statement-breakpoint
CREATE TABLE "profiles" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"bio" text COLLATE "C" DEFAULT '' NOT NULL,
	"pronouns" text COLLATE "C" DEFAULT '' NOT NULL,
	"status_text" text COLLATE "C" DEFAULT '' NOT NULL,
	"status_emoji" text COLLATE "C" DEFAULT '' NOT NULL,
	"status_expires_at" bigint,
	"avatar_keys" text COLLATE "C",
	"is_avatar_animated" bigint DEFAULT 0 NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"used_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "recovery_codes_user" ON "recovery_codes" ("user_id","purpose");
--> statement-breakpoint
CREATE TABLE "sign_in_steps" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"data" text COLLATE "C" NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sign_in_steps_user" ON "sign_in_steps" ("user_id");
--> statement-breakpoint
CREATE INDEX "sign_in_steps_due" ON "sign_in_steps" ("expires_at");
--> statement-breakpoint
CREATE TABLE "totp_secrets" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"secret" text COLLATE "C" NOT NULL,
	"confirmed_at" bigint,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trusted_devices" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"user_agent" text COLLATE "C" DEFAULT '' NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "trusted_devices_user" ON "trusted_devices" ("user_id");
--> statement-breakpoint
CREATE INDEX "trusted_devices_due" ON "trusted_devices" ("expires_at");
--> statement-breakpoint
CREATE TABLE "user_notes" (
	"user_id" text COLLATE "C" NOT NULL,
	"about_id" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	"updated_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "about_id")
);
--> statement-breakpoint
CREATE INDEX "user_notes_about" ON "user_notes" ("about_id");
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "retention_days" bigint;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "file_retention_days" bigint;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "icon_key" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "accent" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "terms_url" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "privacy_url" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "needs_second_factor" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "allows_passwords" bigint DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "sign_up_question" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "sign_up_answer" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "retention_days" bigint;
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "file_retention_days" bigint;
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "confirmed_at" bigint;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "display_name" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "avatar_version" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "presence" text COLLATE "C" DEFAULT 'online' NOT NULL;
--> statement-breakpoint
ALTER TABLE "account_deletions" ADD CONSTRAINT "account_deletions_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "email_addresses" ADD CONSTRAINT "email_addresses_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "sign_in_steps" ADD CONSTRAINT "sign_in_steps_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "totp_secrets" ADD CONSTRAINT "totp_secrets_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "trusted_devices" ADD CONSTRAINT "trusted_devices_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "user_notes" ADD CONSTRAINT "user_notes_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "user_notes" ADD CONSTRAINT "user_notes_about_id_fk" FOREIGN KEY ("about_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
