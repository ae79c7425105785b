import { expect, test } from "bun:test"
import { join } from "node:path"
import { messages } from "../../../drizzle/schema.ts"
import { findPostgresProgram } from "../../../src/cli/services/programs.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { codeBlocks } from "../../support/markdown.ts"
import { createPostgresDatabase, createPostgresNode, execute } from "../../support/postgres.ts"
import { temporaryFolder } from "../../support/process.ts"
import { describeWithServices } from "../../support/services.ts"

const messageCount = 100
const head = 5000

describeWithServices("a Postgres database", () => {
  test("is backed up and restored by the commands of the guide", async () => {
    using folder = temporaryFolder()
    await using original = await createFilled()
    await using restored = await createPostgresDatabase()
    const [backUp, restore] = await commands()

    run(backUp, original.url, folder.path)
    run(restore, restored.url, folder.path)

    const contents = await contentsOf(restored.url)
    expect(contents).toEqual(await contentsOf(original.url))
    expect(contents.messages).toHaveLength(messageCount)
    // What open pages have as their cursor is not given out again.
    expect(await execute(restored.url, "select seq from channels")).toEqual([
      { seq: String(head + 1_000_000) },
    ])
    const database = await openPostgres(restored.url)
    await database.ping()
    await database.close()
  })
})

/** The guide's commands that back up and restore. */
async function commands(): Promise<[backUp: string, restore: string]> {
  const blocks = await codeBlocks("docs/scale.md", "sh")
  const find = (program: string) => blocks.find((block) => block.includes(`${program} `))
  const [backUp, restore] = [find("pg_dump"), find("pg_restore")]
  if (!backUp || !restore) throw new Error("The guide has no such commands")

  return [backUp, restore]
}

function run(command: string, url: string, folder: string): void {
  const path = `${join(findPostgresProgram("pg_dump") ?? "", "..")}:${process.env.PATH}`
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-ec", command], {
    cwd: folder,
    env: { PATH: path, DATABASE_URL: url },
  })
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" })
}

async function createFilled() {
  const node = await createPostgresNode()
  const [user, createdAt] = [{ channelId: "general", userId: "alice" }, new Date()]
  const all = Array.from({ length: messageCount }, (_, index) => {
    const number = index + 1
    const content = `Grüße 🙂 ${number}\n"quoted" \\ `
    return { ...user, id: `m${number}`, content, position: number, seq: number, ordinal: number, createdAt }
  })
  await node.database.commits.append("general", async (tx) => {
    await tx.insert(messages).values(all)
  })
  await execute(node.url, `update channels set seq = ${head}`)
  return node
}

async function contentsOf(url: string) {
  return {
    messages: await execute(url, "select * from messages order by position"),
    people: await execute(url, "select * from users"),
    servers: await execute(url, "select * from servers"),
  }
}
