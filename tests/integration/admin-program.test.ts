import { expect, test } from "bun:test"
import { until } from "../support/listen.ts"
import { launch, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

/** Runs a command beside the server; returns what it says. */
async function admin(folder: string, ...words: string[]): Promise<string> {
  using command = launch(["src/cli/admin.ts", ...words], folder)
  await command.ended()
  return command.said()
}

test("the command line suspends beside a running server, which ends open connections", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  const bob = await Program.signIn(server.origin, "bob")
  expect(await bob.history()).toEqual([])

  expect(await admin(folder.path, "suspend", "bob", "advertising")).toContain("bob is suspended")

  await until("bob's session has ended", () =>
    bob.history().then(
      () => false,
      () => true,
    ),
  )
  expect(Program.signIn(server.origin, "bob")).rejects.toThrow(
    "suspended until an administrator ends it: advertising",
  )
  expect(Program.signIn(server.origin, "bob", "guess")).rejects.toThrow("Wrong username or password")
  expect(await admin(folder.path, "suspend", "alice")).toContain("the last administrator")
  expect(await admin(folder.path, "setup-link")).toContain("There is an administrator already")
  expect(await admin(folder.path, "allow-passwords")).toContain("People can log in with a password")
  expect(await admin(folder.path, "unsuspend", "bob")).toContain("is over")
  expect(await (await Program.signIn(server.origin, "bob")).history()).toEqual([])
}, 60_000)
