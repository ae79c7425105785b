import { expect, test } from "bun:test"
import { join } from "node:path"
import { describeWithServices, sharedPostgres } from "../support/services.ts"

describeWithServices("private services", () => {
  test("end with the process that started them, also when it is killed", async () => {
    const script = join(import.meta.dir, "../support/start-services-and-die.ts")
    const child = Bun.spawn([process.execPath, script], { stdout: "pipe" })
    const pids = (await new Response(child.stdout).text()).split(" ").map(Number)
    expect(pids).toHaveLength(2)
    expect(pids.every((pid) => pid > 1)).toBeTrue()

    while (pids.some(isRunning)) await Bun.sleep(10)
  })

  test("come back on the same port with the data they had", async () => {
    const postgres = await sharedPostgres()
    await using sql = new Bun.SQL(postgres.url, { max: 1 })
    await sql`create table kept (id int)`
    await postgres.kill()
    expect(postgres.isRunning).toBeFalse()

    await postgres.startAgain()

    const [row] = await sql`select count(*)::int as count from kept`
    expect(row.count).toBe(0)
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
