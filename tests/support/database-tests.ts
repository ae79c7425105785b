import { dirname, join, relative } from "node:path"
import { Glob } from "bun"

const root = join(import.meta.dir, "../..")
/** What creates the database of a test, SQLite's or Postgres'. */
const opensDatabases = "tests/support/test-database.ts"
/** Tests that choose their database themselves. */
const ownDatabase = /^tests\/integration\/(postgres|cluster)\//

/** Left out on Postgres, where it takes minutes: every bit is taken away on every transport. */
const onSqliteAlone = ["tests/integration/rights-revocation.test.ts"]

/** What must hold wherever someone reads and someone else writes: on Postgres these run with two nodes. */
export const twoNodeTests = [
  "conformance",
  "revocation",
  "rights-revocation",
  "matrix",
  "ephemeral",
  "list-changes",
].map((name) => `tests/integration/${name}.test.ts`)

/**
 * The paths of the unit and integration tests that use a database: those whose imports lead to `test-database.ts`. All
 * others are the same on every database. Without `twoNodeTests`, which run on Postgres anyway.
 */
export async function databaseTests(): Promise<string[]> {
  const imports = new Map<string, string[]>()
  for await (const path of new Glob("tests/**/*.{ts,tsx}").scan(root)) {
    const text = await Bun.file(join(root, path)).text()
    // What is imported for its types alone does not run.
    const code = text.replaceAll(/^import type [^"]*"[^"]*"$/gm, "")
    const found = [...code.matchAll(/(?:from|import|import\()\s*"(\.[^"]+)"/g)]
    imports.set(
      path,
      found.map(([, target = ""]) => relative(root, join(root, dirname(path), target))),
    )
  }
  const leadsThere = (path: string, seen: Set<string>): boolean => {
    if (path === opensDatabases) return true
    if (seen.has(path)) return false
    seen.add(path)
    return (imports.get(path) ?? []).some((next) => leadsThere(next, seen))
  }
  return [...imports.keys()]
    .filter((path) => /^tests\/(unit|integration)\/.*\.test\.tsx?$/.test(path) && !ownDatabase.test(path))
    .filter(
      (path) => leadsThere(path, new Set()) && !twoNodeTests.includes(path) && !onSqliteAlone.includes(path),
    )
    .sort()
}
