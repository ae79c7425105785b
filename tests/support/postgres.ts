import { channels, servers, users } from "../../drizzle/schema.ts"
import { openPostgres, type PostgresOptions } from "../../src/db/postgres/open.ts"
import { sharedPostgres } from "./services.ts"

let databases = 0
/** Its connections create and delete databases. */
let administration: Bun.SQL | undefined

/**
 * A new database of the Postgres that all tests of this process share, empty or a copy of the database `template`;
 * deleted on disposal.
 */
export async function createPostgresDatabase(template = "template1") {
  const { url: adminUrl } = await sharedPostgres()
  const name = `test_${++databases}`
  administration ??= new Bun.SQL(adminUrl, { max: 2 })
  const { unsafe } = administration
  await unsafe(`create database ${name} template ${template} strategy file_copy`)
  const url = withDatabase(adminUrl, name)
  return {
    url,
    async [Symbol.asyncDispose](): Promise<void> {
      await unsafe(`drop database ${name} with (force)`)
    },
  }
}

/** Runs a statement with a connection of its own and returns its rows. */
export async function execute(url: string, statement: string): Promise<Record<string, unknown>[]> {
  await using sql = new Bun.SQL(url, { max: 1 })
  return [...(await sql.unsafe(statement))]
}

/** A new database with the user "alice", her server and its channel "general", and a node that has it open. */
export async function createPostgresNode(options: PostgresOptions = {}) {
  const { url, [Symbol.asyncDispose]: drop } = await createPostgresDatabase()
  const database = await openPostgres(url, options)
  const updatedAt = new Date()
  await database.commits.decide(async (tx) => {
    await tx
      .insert(users)
      .values({ id: "alice", username: "alice", name: "alice", email: "alice@x", updatedAt })
    await tx.insert(servers).values({ id: "lab", name: "Lab", ownerId: "alice" })
    await tx.insert(channels).values({ id: "general", serverId: "lab", name: "general" })
  })
  return {
    url,
    database,
    async [Symbol.asyncDispose]() {
      await database.close()
      await drop()
    },
  }
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
