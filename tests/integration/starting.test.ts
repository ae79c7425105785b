import { Database as Sqlite } from "bun:sqlite"
import { expect, setDefaultTimeout, test } from "bun:test"
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { openSqlite } from "../../src/db/sqlite/open.ts"
import { until } from "../support/listen.ts"
import { launch, startProcess, temporaryFolder } from "../support/process.ts"

// Starts real servers, which takes time.
setDefaultTimeout(60_000)

test("a server starts on a database of the next version, and not on one of the version after it", async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, "chat.db")
  await openSqlite(path).close()
  const migrateFurther = () => {
    using sqlite = new Sqlite(path)
    sqlite.run("insert into __drizzle_migrations (hash, created_at) values ('next', 9e12)")
  }

  migrateFurther()
  {
    using server = await startProcess(folder.path)
    server.child.kill("SIGTERM")
    expect(await server.ended()).toBe(0)
  }
  migrateFurther()
  using refused = launch(["src/main.ts"], folder.path)

  expect(await refused.ended()).toBe(1)
  expect(refused.said()).toBe(
    "The database is 2 generations ahead of this version of the chat: start a newer version\n",
  )
})

test("a second server on one SQLite file warns of it, as long as the first one runs", async () => {
  using folder = temporaryFolder()
  const [path, link] = [join(folder.path, "chat.db"), join(folder.path, "link.db")]
  const isWarned = (server: { said(): string }) => server.said().includes("is used by another server, too")
  using first = await startProcess(folder.path)

  symlinkSync(path, link)
  using second = await startProcess(folder.path, { DATABASE_URL: link })
  using admin = launch(["src/cli/admin.ts", "invite"], folder.path)
  expect(await admin.ended()).toBe(0)
  for (const { child } of [first, second]) child.kill("SIGKILL")
  for (const server of [first, second]) await server.ended()
  using next = await startProcess(folder.path)
  next.child.kill("SIGTERM")
  await next.ended()

  expect([first, second, admin, next].map(isWarned)).toEqual([false, true, false, false])
})

test("a server starts on a database in memory", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path, { DATABASE_URL: ":memory:" })
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(server.said()).not.toContain("another server")
})

test.each([
  ["FILES_URL", "file", /^FILES_URL=\S+ is not valid: the folder cannot be used \(.*\)\n$/],
  [
    "DATABASE_URL",
    ".",
    /^The database \S+ cannot be used: the file cannot be opened .*a file that the server's user may write.*\n$/,
  ],
])(
  "a server does not start with an unusable %s, and says what is wrong in one line",
  async (name, place, sentence) => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, "file"), "")
    using refused = launch(["src/main.ts"], folder.path, { [name]: join(folder.path, place) })

    expect(await refused.ended()).toBe(1)
    expect(refused.said()).toMatch(sentence)
  },
)

test("a server that nobody uses returns the memory of its start, and answers after it", async () => {
  using folder = temporaryFolder()
  const preload = join(folder.path, "preload.ts")
  writeFileSync(
    preload,
    `const { shrink } = Bun
Bun.shrink = () => {
  shrink()
  setTimeout(() => process.stderr.write("Memory is returned\\n"))
}`,
  )
  using server = launch(["--preload", preload, "src/main.ts"], folder.path, { NODE_ENV: "production" })
  const port = () => server.said().match(/listens on http:\/\/localhost:(\d+)/)?.[1]
  await until(
    "memory is returned",
    () => port() !== undefined && server.said().includes("Memory is returned"),
  )

  const page = await fetch(`http://127.0.0.1:${port()}/login`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Log in")])
  server.child.kill("SIGTERM")
  expect(await server.ended()).toBe(0)
})
