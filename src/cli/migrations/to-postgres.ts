/** What has no meaning in Postgres: triggers, and the full-text index with what is indexed in it. */
const sqliteOnly = /^(CREATE|DROP) TRIGGER|^CREATE VIRTUAL TABLE|^(INSERT INTO|DELETE FROM) `search_/i
/** Inserts fill the other half of each page, so that updates of a row's counters stay on its page. */
const fillFactors: Record<string, number> = { channels: 50 }
const foreignKey = /^FOREIGN KEY \(`(\w+)`\) (REFERENCES .+?),?$/

/** A migration for Postgres. Indexes on tables that may be large are created apart, without locking the table. */
export interface PostgresMigration {
  statements: string[]
  indexes: string[]
}

/**
 * Translates a migration that drizzle-kit made for SQLite. Throws when it has a statement of an unknown kind, for
 * instance one that rebuilds a table, which Postgres does by other means.
 */
export function toPostgres(statements: string[]): PostgresMigration {
  const migration: PostgresMigration = { statements: [], indexes: [] }
  const constraints: string[] = []
  const created = new Set<string>()
  for (const statement of statements.map((each) => each.trim().replace(/;$/, ""))) {
    if (statement === "" || sqliteOnly.test(statement)) continue
    if (/`__new_|^PRAGMA/i.test(statement)) throw new Error("It rebuilds a table")

    const table = statement.match(/^CREATE TABLE `(\w+)`/)?.[1]
    const [, index, indexed = ""] = statement.match(/^CREATE (?:UNIQUE )?INDEX `(\w+)` ON `(\w+)`/) ?? []
    const dropped = statement.match(/^DROP INDEX `(\w+)`$/)?.[1]
    if (table) {
      created.add(table)
      migration.statements.push(createTable(table, statement))
      constraints.push(...foreignKeysOf(table, statement))
    } else if (index && created.has(indexed)) migration.statements.push(quoted(statement))
    else if (index) migration.indexes.push(dropIndex(index), concurrently(statement))
    else if (dropped) migration.indexes.push(dropIndex(dropped))
    else if (/^ALTER TABLE|^DROP TABLE/.test(statement)) migration.statements.push(alter(statement))
    else throw new Error(`It has a statement of an unknown kind: ${statement}`)
  }
  // After all tables: they refer to each other in circles.
  migration.statements.push(...constraints)
  return migration
}

function createTable(name: string, statement: string): string {
  const lines = statement.split("\n").filter((line) => !foreignKey.test(line.trim()))
  const columns = lines.slice(1, -1).map((line) => `\t${column(line.trim().replace(/,$/, ""))}`)
  const fillFactor = fillFactors[name] ? ` with (fillfactor = ${fillFactors[name]})` : ""
  return `CREATE TABLE "${name}" (\n${columns.join(",\n")}\n)${fillFactor}`
}

/** Deferrable, so that rows can be copied table by table although some tables refer to each other. */
function foreignKeysOf(table: string, statement: string): string[] {
  return statement.split("\n").flatMap((line) => {
    const [, name, references = ""] = line.trim().match(foreignKey) ?? []
    if (!name) return []

    const constraint = `"${table}_${name}_fk" FOREIGN KEY ("${name}") ${quoted(references)} DEFERRABLE`
    return [`ALTER TABLE "${table}" ADD CONSTRAINT ${constraint}`]
  })
}

/** A column's definition; constraints pass through. */
function column(definition: string): string {
  return quoted(definition)
    .replace(/^("\w+") integer\b/, "$1 bigint")
    .replace(/^("\w+") text\b/, '$1 text COLLATE "C"')
    .replace(/\bDEFAULT (true|false)\b/, (_, value) => `DEFAULT ${value === "true" ? 1 : 0}`)
}

function alter(statement: string): string {
  const [, beginning = "", definition = ""] =
    statement.match(/^(ALTER TABLE `\w+` ADD )(?:COLUMN )?(.*)$/s) ?? []
  if (!beginning) return quoted(statement)

  const deferrable = /\bREFERENCES\b/.test(definition) ? " DEFERRABLE" : ""
  return `${quoted(beginning)}COLUMN ${column(definition)}${deferrable}`
}

/** Without locking the table. If that is interrupted, an unusable index remains, which the next attempt drops. */
function concurrently(statement: string): string {
  return quoted(statement).replace(" INDEX ", " INDEX CONCURRENTLY ")
}

function dropIndex(name: string): string {
  return `DROP INDEX CONCURRENTLY IF EXISTS "${name}"`
}

function quoted(statement: string): string {
  return statement.replaceAll("`", '"')
}
