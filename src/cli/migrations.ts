import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api"
import * as schema from "../../drizzle/schema.ts"
import { toPostgres } from "./migrations/to-postgres.ts"

// Run by `bun run db:generate` after drizzle-kit: writes for Postgres the migrations that only SQLite has so far.

const root = join(import.meta.dir, "../../drizzle")
const breakpoint = "--> statement-breakpoint"

const sqlite = namesIn("migrations")
const postgres = namesIn("postgres")
const start = postgres[0] ?? (await writeStart(sqlite.at(-1) ?? "0000"))
for (const name of sqlite) {
  if (numberOf(name) <= numberOf(start) || postgres.includes(name)) continue
  const statements = readFileSync(join(root, "migrations", `${name}.sql`), "utf8").split(breakpoint)
  write(name, statements)
}

/** The first one creates the tables as they are now; it stands for all migrations of SQLite until now. */
async function writeStart(latest: string): Promise<string> {
  const name = `${latest.slice(0, 4)}_start`
  const before = await generateSQLiteDrizzleJson({})
  write(name, await generateSQLiteMigration(before, await generateSQLiteDrizzleJson(schema)))
  return name
}

function write(name: string, sqliteStatements: string[]): void {
  try {
    const { statements, indexes } = toPostgres(sqliteStatements)
    save(name, statements)
    // A file of its own, since this cannot be done in a transaction.
    if (indexes.length > 0) save(`${name}_indexes`, indexes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    process.stderr.write(
      `Write drizzle/postgres/${name}.sql by hand: ${name} cannot be translated. ${reason}\n`,
    )
    process.exitCode = 1
  }
}

function save(name: string, statements: string[]): void {
  const text = statements.length > 0 ? statements.join(`;\n${breakpoint}\n`) : "-- Nothing to do in Postgres"
  writeFileSync(join(root, "postgres", `${name}.sql`), `${text}\n`)
  process.stdout.write(`drizzle/postgres/${name}.sql\n`)
}

function namesIn(folder: string): string[] {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".sql"))
  return files.map((file) => file.replace(".sql", "")).toSorted()
}

function numberOf(name: string): number {
  return Number(name.slice(0, 4))
}
