import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { moveToPostgres } from "../../../src/cli/move/move.ts"
import { findPostgresProgram } from "../../../src/cli/services/programs.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { openSqlite } from "../../../src/db/sqlite/open.ts"
import { fillEveryTable } from "../../support/every-row.ts"
import { until } from "../../support/listen.ts"
import { codeBlocks } from "../../support/markdown.ts"
import { createPostgresDatabase, execute } from "../../support/postgres.ts"
import { startProcess, temporaryFolder } from "../../support/process.ts"
import { Program } from "../../support/program.ts"
import { describeWithServices } from "../../support/services.ts"

// Runs Postgres' programs and whole servers.
setDefaultTimeout(120_000)

describeWithServices("a Postgres database", () => {
  test("is backed up and restored with all rows by the commands of the guide", async () => {
    using folder = temporaryFolder()
    await using original = await createPostgresDatabase()
    await using restored = await createPostgresDatabase()
    await fill(original.url, join(folder.path, "chat.db"))
    const before = await contentsOf(original.url)
    const empty = Object.keys(before).filter((name) => before[name]?.length === 0)
    // A search index is made anew anyway.
    expect(empty.filter((name) => !name.startsWith("search_"))).toEqual([])

    await run("pg_dump", original.url, folder.path)
    await run("pg_restore", restored.url, folder.path)

    expect(await contentsOf(restored.url)).toEqual(before)
    const database = await openPostgres(restored.url)
    await database.ping()
    await database.close()
  })

  test("is restored under readers with later cursors: they get the restored state and all later messages", async () => {
    using folder = temporaryFolder()
    await using original = await createPostgresDatabase()
    await using restored = await createPostgresDatabase()
    const server = await startNode(folder.path, original.url)
    const alice = await Program.signIn(server.origin, "alice")
    const reader = await tail(alice, 0)
    await alice.send("before the backup")
    await run("pg_dump", original.url, folder.path)
    await alice.send("lost")
    await alice.send("lost too")
    await until("it saw more", () => reader.contents().includes("lost too"))
    server.child.kill("SIGTERM")
    expect(await server.ended()).toBe(0)

    await run("pg_restore", restored.url, folder.path)
    using back = await startNode(folder.path, restored.url)
    const returned = new Program(back.origin, alice.token)
    await returned.send("after the return")
    const again = await tail(returned, reader.cursor())
    await until("it is up to date", () => again.contents().includes("after the return"))
    await returned.send("and on")

    await until("it is live", () => again.contents().includes("and on"))
    expect(again.contents()).toEqual(["before the backup", "after the return", "and on"])
    expect(again.lines()[0]).toMatchObject({ gap: { after: reader.cursor() } })
    expect(again.cursor()).toBeGreaterThan(1_000_000)
  })
})

/** Runs the guide's commands with one of Postgres' programs. */
async function run(program: string, url: string, folder: string): Promise<void> {
  const blocks = await codeBlocks("docs/scale.md", "sh")
  const command = blocks.find((block) => block.includes(`${program} `))
  if (!command) throw new Error(`The guide does not use ${program}`)

  const path = `${join(findPostgresProgram(program) ?? "", "..")}:${process.env.PATH}`
  const child = Bun.spawn(["sh", "-ec", command], {
    cwd: folder,
    env: { PATH: path, DATABASE_URL: url },
    stderr: "pipe",
  })
  const stderr = await new Response(child.stderr).text()
  expect({ exitCode: await child.exited, stderr }).toEqual({ exitCode: 0, stderr: "" })
}

async function fill(url: string, path: string): Promise<void> {
  const filled = openSqlite(`${path}.filled`)
  await fillEveryTable(filled)
  // A copy that nothing in this process has open.
  filled.sqlite.run("vacuum into ?", [path])
  await filled.close()
  await moveToPostgres(path, url)
}

/** The rows of each table, sorted by what they contain. */
async function contentsOf(url: string): Promise<Record<string, string[]>> {
  const tables = await execute(
    url,
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  )
  const contents: Record<string, string[]> = {}
  for (const { relname: name } of tables) {
    const rows = await execute(url, `select * from "${name}"`)
    contents[String(name)] = rows.map((row) => JSON.stringify(row)).toSorted()
  }
  return contents
}

function startNode(folder: string, url: string) {
  const secret = "the same secret on each of the nodes"
  return startProcess(folder, { DATABASE_URL: url, FILES_URL: join(folder, "files"), AUTH_SECRET: secret })
}

interface Line {
  content?: string
  seq?: number
  gap?: { after: number; seq: number }
}

/** Reads a channel line by line, from a number on. */
async function tail(program: Program, after: number) {
  const { serverId, channelId } = await program.room()
  const url = `${program.origin}/servers/${serverId}/channels/${channelId}/events?after=${after}`
  const headers = { authorization: `Bearer ${program.token}`, accept: "application/x-ndjson" }
  const response = await fetch(url, { headers })
  let text = ""
  void (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  })().catch(() => {})
  const lines = () =>
    text
      .split("\n")
      .slice(0, -1)
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line)
  return {
    lines,
    contents: () => lines().flatMap(({ content }) => content ?? []),
    /** The last number it saw. */
    cursor: () => Math.max(...lines().map(({ seq, gap }) => seq ?? gap?.seq ?? 0)),
  }
}
