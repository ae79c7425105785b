import { expect, test } from "bun:test"
import { toPostgres } from "../../../src/cli/migrations/to-postgres.ts"

test("a new table comes with its indexes at once and its foreign keys after all tables", () => {
  const table = [
    "CREATE TABLE `notes` (",
    "\t`id` text PRIMARY KEY NOT NULL,",
    "\t`user_id` text NOT NULL,",
    "\t`is_open` integer DEFAULT true NOT NULL,",
    "\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade",
    ");",
  ].join("\n")
  const index = "CREATE INDEX `notes_user` ON `notes` (`user_id`);"

  expect(toPostgres([table, index])).toEqual({
    statements: [
      'CREATE TABLE "notes" (\n\t"id" text COLLATE "C" PRIMARY KEY NOT NULL,\n\t"user_id" text COLLATE "C" NOT NULL,\n\t"is_open" bigint DEFAULT 1 NOT NULL\n)',
      'CREATE INDEX "notes_user" ON "notes" ("user_id")',
      'ALTER TABLE "notes" ADD CONSTRAINT "notes_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE',
    ],
    indexes: [],
  })
})

test("an index on a table that has rows is made without locking it", () => {
  const statements = [
    "DROP INDEX `pins_user`;",
    "CREATE UNIQUE INDEX `pins_user` ON `pins` (`user_id`,`created_at`);",
  ]

  expect(toPostgres(statements)).toEqual({
    statements: [],
    indexes: [
      'DROP INDEX CONCURRENTLY IF EXISTS "pins_user"',
      'DROP INDEX CONCURRENTLY IF EXISTS "pins_user"',
      'CREATE UNIQUE INDEX CONCURRENTLY "pins_user" ON "pins" ("user_id","created_at")',
    ],
  })
})

test("a column is added with the type and collation of Postgres", () => {
  const statements = [
    "ALTER TABLE `pins` ADD `note` text DEFAULT '' NOT NULL;",
    "ALTER TABLE `pins` ADD `by` text REFERENCES users(id);",
    "ALTER TABLE `pins` DROP COLUMN `note`;",
  ]

  expect(toPostgres(statements).statements).toEqual([
    `ALTER TABLE "pins" ADD COLUMN "note" text COLLATE "C" DEFAULT '' NOT NULL`,
    'ALTER TABLE "pins" ADD COLUMN "by" text COLLATE "C" REFERENCES users(id) DEFERRABLE',
    'ALTER TABLE "pins" DROP COLUMN "note"',
  ])
})

test("what only SQLite has is left out; what cannot be translated is refused", () => {
  expect(toPostgres(["DROP TRIGGER IF EXISTS `own`;", "INSERT INTO `search_index` VALUES ('x');"])).toEqual({
    statements: [],
    indexes: [],
  })

  expect(() => toPostgres(["CREATE TABLE `__new_pins` (\n\t`id` text\n);"])).toThrow("rebuilds a table")
  expect(() => toPostgres(["UPDATE `pins` SET `note` = 'x';"])).toThrow("unknown kind")
})
