import { expect } from "bun:test"
import { readFileSync } from "node:fs"
import { unzipSync } from "fflate"
import { makeArchives } from "../support/archives.ts"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { meet, message, say } from "./room.ts"

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript"

  story(`somebody takes their data along, leaves and changes their mind ${how}`, async (site) => {
    const { cast, open, roomPath } = site
    const [writing] = await meet(open, cast.bob)
    await say(writing, "bob was here")
    await message(writing, "bob was here").waitFor()
    const bob = await open(cast.bob, { path: "/account/data", javaScriptEnabled })

    await bob.getByRole("button", { name: "Create archive" }).click()
    await bob
      .getByText(/Waiting…|Creating…|Download/)
      .first()
      .waitFor()
    if (javaScriptEnabled) await expectAccessible(bob, "one's data")
    await makeArchives(site)
    // The page itself says so; without a script, when it is loaded again.
    if (!javaScriptEnabled) await bob.goto("/account/data")
    const link = bob.getByRole("link", { name: "Download: Your data" })
    await link.waitFor()
    const [download] = await Promise.all([bob.waitForEvent("download"), link.click()])
    const files = unzipSync(new Uint8Array(readFileSync((await download.path()) ?? "")))
    expect(download.suggestedFilename()).toMatch(/^my-data-[\d-]+\.zip$/)
    const pages = Object.entries(files).filter(([path]) => /^messages\/.*html$/.test(path))
    expect(pages.map(([, bytes]) => new TextDecoder().decode(bytes)).join()).toContain("bob was here")

    await bob.goto("/account/delete")
    if (javaScriptEnabled) await expectAccessible(bob, "leaving")
    await bob.getByLabel("Delete my messages and files everywhere").check()
    await bob.getByLabel("Password").fill("password")
    await bob.getByRole("button", { name: "Delete account" }).click()
    await bob.getByText(/with everything you wrote/).waitFor()
    await bob.goto(roomPath)
    const banner = bob.getByRole("complementary", { name: "Account deletion" })
    await banner.getByText(/Your account will be deleted on/).waitFor()
    if (javaScriptEnabled) await expectAccessible(bob, "a room with the banner")
    await banner.getByRole("button", { name: "Keep my account" }).click()
    await bob.waitForURL("**/account")
    expect(await banner.count()).toBe(0)
    await message(writing, "bob was here").waitFor()
  })
}
