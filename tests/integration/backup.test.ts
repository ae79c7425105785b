import { Database as Sqlite } from "bun:sqlite"
import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { until } from "../support/listen.ts"
import { launch, type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

// Starts and stops real servers and hashes passwords, which takes time.
setDefaultTimeout(60_000)

test("a backup of a busy server holds the log up to one moment, and users can sign in to it", async () => {
  using here = temporaryFolder()
  using there = temporaryFolder()
  using server = await startProcess(here.path)
  const alice = await Program.signIn(server.origin, "alice")
  const { confirmed, stop } = await keepTalking(alice)
  await until("some are confirmed", () => confirmed.length > 20)

  const target = join(here.path, "safe", "chat.db")
  const before = confirmed.length
  using backup = launch(["run", "backup", target], here.path)
  expect(await backup.ended()).toBe(0)
  const after = confirmed.length
  await until("more are confirmed", () => confirmed.length > after)
  await stop()
  expect(after).toBeGreaterThan(before) // or the server was not under load
  expect(before).toBeGreaterThan(0)

  // Both hold secrets.
  expect(statSync(join(here.path, "chat.db")).mode & 0o777).toBe(0o600)
  expect(statSync(target).mode & 0o777).toBe(0o600)
  expect(statSync(`${target}.auth-secret`).mode & 0o777).toBe(0o600)
  using command = launch(["run", "restore", target], there.path)
  expect(await command.ended()).toBe(0)

  const restored = join(there.path, "chat.db")
  const [live, kept] = [read(join(here.path, "chat.db")), read(restored)]
  expect(kept.integrity).toBe("ok")
  expect(kept.messages.length).toBeGreaterThanOrEqual(before)
  expect(kept.messages).toEqual(live.messages.slice(0, kept.messages.length))
  expect(kept.messages.map(({ position }) => position)).toEqual(kept.messages.map((_, index) => index + 1))
  expect(live.messages.length).toBeGreaterThan(kept.messages.length)

  // The cookie secret is part of the backup, so sessions stay valid.
  using again = await startProcess(there.path)
  const bob = await Program.signIn(again.origin, "bob")
  expect((await bob.history()).at(-1)).toBe(kept.messages.at(-1)?.content ?? "")
  expect(await new Program(again.origin, alice.token).history()).toEqual(await bob.history())
  expect(readFileSync(join(there.path, "auth-secret"), "utf8")).toBe(
    readFileSync(join(here.path, "auth-secret"), "utf8"),
  )
})

test("a database in use is not replaced; once it is free, the previous one is kept", async () => {
  using folder = temporaryFolder()
  const server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  await alice.send("before the backup")
  const target = join(folder.path, "backup.db")
  using backup = launch(["run", "backup", target], folder.path)
  expect(await backup.ended()).toBe(0)
  await alice.send("after the backup")

  using early = launch(["run", "restore", target], folder.path)
  expect(await early.ended()).toBe(1)
  expect(early.said()).toContain("is in use: stop the server first")
  await alice.send("it goes on")
  await stopped(server)

  const path = join(folder.path, "chat.db")
  using late = launch(["run", "restore", target], folder.path)
  expect(await late.ended()).toBe(0)

  const aside = late.said().match(/kept as (\S+)/)?.[1] ?? ""
  const contents = (file: string) => read(file).messages.map(({ content }) => content)
  expect(contents(path)).toEqual(["before the backup"])
  expect(contents(aside)).toEqual(["before the backup", "after the backup", "it goes on"])
  using back = await startProcess(folder.path)
  const returned = new Program(back.origin, alice.token)
  expect(await returned.history()).toEqual(["before the backup"])

  // Pages that stayed open reconnect with the last number they saw.
  await returned.send("after the return")
  const last = (file: string) => read(file).messages.at(-1)?.seq ?? 0
  expect(last(path)).toBeGreaterThan(last(aside))
})

test("the write-ahead log of a killed server is kept with its database", async () => {
  using folder = temporaryFolder()
  const server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  await alice.send("kept")
  const target = join(folder.path, "backup.db")
  using backup = launch(["run", "backup", target], folder.path)
  expect(await backup.ended()).toBe(0)
  await alice.send("only in the log beside it")
  server.child.kill("SIGKILL")
  await server.ended()
  const path = join(folder.path, "chat.db")
  expect(existsSync(`${path}-wal`)).toBe(true)

  using command = launch(["run", "restore", target], folder.path)
  expect(await command.ended()).toBe(0)

  expect(existsSync(`${path}-wal`)).toBe(false)
  const aside = command.said().match(/kept as (\S+)/)?.[1] ?? ""
  expect(read(aside).messages.map(({ content }) => content)).toEqual(["kept", "only in the log beside it"])
  expect(read(path).messages.map(({ content }) => content)).toEqual(["kept"])
})

test("a damaged database is replaced by its backup; a damaged backup replaces nothing", async () => {
  using folder = temporaryFolder()
  const server = await startProcess(folder.path)
  await stopped(server)
  const [path, target] = [join(folder.path, "chat.db"), join(folder.path, "backup.db")]
  using backup = launch(["run", "backup", target], folder.path)
  expect(await backup.ended()).toBe(0)
  const whole = readFileSync(target)
  const cut = join(folder.path, "cut.db")
  writeFileSync(cut, whole.subarray(0, whole.length / 2))
  const before = readFileSync(path)

  for (const [file, reason] of [
    [cut, "is not a usable backup"],
    [join(folder.path, "nowhere.db"), "There is no backup"],
  ]) {
    using refused = launch(["run", "restore", file ?? ""], folder.path)
    expect(await refused.ended()).toBe(1)
    expect(refused.said()).toContain(reason ?? "")
    expect(readFileSync(path).equals(before)).toBe(true)
  }

  writeFileSync(path, "this was a database once".repeat(1000))
  using unusable = launch(["src/main.ts"], folder.path)
  expect(await unusable.ended()).toBe(1)
  expect(unusable.said()).toMatch(/^The database \S+chat\.db cannot be used: .*bun run restore <file>\n$/)
  const spoiled = join(folder.path, "spoiled.db")
  using failed = launch(["run", "backup", spoiled], folder.path)
  expect(await failed.ended()).toBe(1)
  expect(failed.said()).toContain(`cannot be backed up to ${spoiled}: the file is no SQLite database`)
  expect([spoiled, `${spoiled}.partial`].filter(existsSync)).toEqual([])

  using command = launch(["run", "restore", target], folder.path)
  expect(await command.ended()).toBe(0)
  using again = await startProcess(folder.path)
  await Program.signIn(again.origin, "alice")
})

async function stopped(server: ServerProcess): Promise<void> {
  server.child.kill("SIGTERM")
  expect(await server.ended()).toBe(0)
}

/** Sends messages one after another; `confirmed` collects them. */
async function keepTalking(program: Program) {
  const confirmed: string[] = []
  let isOver = false
  const talk = async (name: string) => {
    for (let count = 1; !isOver; count++) {
      await program.send(`${name} ${count}`)
      confirmed.push(`${name} ${count}`)
    }
  }
  const talking = Promise.all([talk("a"), talk("b"), talk("c")])
  const stop = async () => {
    isOver = true
    await talking
  }
  return { confirmed, stop }
}

function read(path: string) {
  const sqlite = new Sqlite(path)
  const messages = sqlite
    .query<{ id: string; content: string; position: number; seq: number }, []>(
      "select id, content, position, seq from messages order by position",
    )
    .all()
  const checked = sqlite.query<{ integrity_check: string }, []>("PRAGMA integrity_check").get()
  sqlite.close()
  return { messages, integrity: checked?.integrity_check }
}

test("a backup includes the uploaded files, and the previous database keeps its own", async () => {
  using folder = temporaryFolder()
  const path = (...names: string[]) => join(folder.path, ...names)
  const server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const first = await alice.sendFile("first.txt", "kept")
  const target = path("safe", "chat.db")
  using backup = launch(["run", "backup", target], folder.path)
  expect(await backup.ended()).toBe(0)
  expect(backup.said()).toContain("1 files")
  const second = await alice.sendFile("second.txt", "newer")
  await stopped(server)
  rmSync(path("files"), { recursive: true })

  using command = launch(["run", "restore", target], folder.path)
  expect(await command.ended()).toBe(0)

  using back = await startProcess(folder.path)
  const again = new Program(back.origin, alice.token)
  expect(await again.file(first)).toBe("kept")
  expect(await again.file(second)).toBeNull()
})
