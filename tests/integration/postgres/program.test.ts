import { expect, test } from "bun:test"
import { join } from "node:path"
import { startPostgres } from "../../../src/cli/services/postgres.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { until } from "../../support/listen.ts"
import { createPostgresDatabase, execute } from "../../support/postgres.ts"
import { launch, startProcess, temporaryFolder } from "../../support/process.ts"
import { describeWithServices } from "../../support/services.ts"

/** Beyond what any of these waits for. */
const timeoutMs = 30_000

describeWithServices("a server on Postgres", () => {
  test(
    "answers 503 while Postgres is down, and works again with what was stored once it is back",
    async () => {
      await using postgres = await startPostgres({ isDurable: false })
      using folder = temporaryFolder()
      using server = await startProcess(folder.path, environment(postgres.url, folder.path))
      const health = () => fetch(`${server.origin}/health`).then(({ status }) => status)
      const signUp = (username: string) => signUpAt(server.origin, username)
      expect((await signUp("dora")).status).toBe(303)

      await postgres.kill()
      await until("it is unready", async () => (await health()) === 503, timeoutMs)
      const refused = await signUp("emil")
      expect(refused.status).toBe(503)
      expect(refused.headers.get("retry-after")).toBe("2")

      await postgres.startAgain()
      await until("it is ready again", async () => (await health()) === 200, timeoutMs)
      expect((await signUp("emil")).status).toBe(303)
      const names = await execute(
        postgres.url,
        "select username from users where username in ('dora', 'emil')",
      )
      expect(names).toHaveLength(2)
    },
    timeoutMs,
  )

  test("that cannot be reached is said in a sentence without its password", async () => {
    using folder = temporaryFolder()
    using server = launch(
      ["src/main.ts"],
      folder.path,
      environment("postgres://chat:hunter2@127.0.0.1:1/chat", folder.path),
    )

    expect(await server.ended()).toBe(1)
    expect(server.said()).toMatch(/^The database .* cannot be used: Postgres cannot be reached .*\n$/)
    expect(server.said()).not.toContain("hunter2")
  })

  test("does not start on a database that is two generations ahead", async () => {
    await using database = await createPostgresDatabase()
    await (await openPostgres(database.url)).close()
    await execute(database.url, "insert into migrations (name) values ('9001_next'), ('9002_after_next')")
    using folder = temporaryFolder()
    using server = launch(["src/main.ts"], folder.path, environment(database.url, folder.path))

    expect(await server.ended()).toBe(1)
    expect(server.said()).toBe(
      "The database is 2 generations ahead of this version of the chat: start a newer version\n",
    )
  })
})

function environment(url: string, folder: string): Record<string, string> {
  return {
    DATABASE_URL: url,
    FILES_URL: join(folder, "files"),
    AUTH_SECRET: "a secret that is only used in tests",
  }
}

function signUpAt(origin: string, username: string): Promise<Response> {
  const body = new URLSearchParams({ username, password: "password" })
  return fetch(`${origin}/signup`, { method: "POST", redirect: "manual", headers: { origin }, body })
}
