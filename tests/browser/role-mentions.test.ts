import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { say as sayIn } from "../support/say.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, eventually, live, message } from "./room.ts"

story(
  "mentions of a role are counted and marked for those who have it, as long as they do",
  async (stage) => {
    const { cast, lab, open, room } = stage
    const { alice, bob } = cast
    const serverId = lab.id
    const random = expectData(await alice.client.mutate("createChannel", { serverId, name: "random" }))
    const elsewhere = { room: { serverId, channelId: random.id } }
    const role = { serverId, name: "Cooks of Rome", mentionable: true }
    const { id: roleId } = expectData(await alice.client.mutate("createRole", role))
    const page = await open(bob)
    await live(page)
    const isMarked = (text: string) => () =>
      message(page, text).evaluate(
        (one) => one.ownerDocument.defaultView.getComputedStyle(one).boxShadow !== "none",
      )

    await sayIn(elsewhere, alice, "@Cooks of Rome, not bob")
    await page.getByRole("link", { name: "random (1 unread)", exact: true }).waitFor()
    expectData(await alice.client.mutate("giveRole", { serverId, roleId, userId: bob.id }))
    await page.getByRole("link", { name: "random (1 unread, 1 for you)", exact: true }).waitFor()
    await sayIn(elsewhere, alice, "@Cooks of Rome, now bob")
    await page.getByRole("link", { name: "random (2 unread, 2 for you)", exact: true }).waitFor()

    await composer(page).pressSequentially("@roM")
    await page.getByRole("option", { name: "Cooks of Rome role" }).waitFor()
    await page.keyboard.press("Tab")
    await page.keyboard.type("soup?")
    await page.keyboard.press("Enter")
    await sayIn({ room }, alice, "soup, @Cooks of Rome!")
    await message(page, "soup, @Cooks of Rome!").waitFor()
    await eventually(isMarked("soup, @Cooks of Rome!"), true)
    // One does not mention oneself.
    await eventually(isMarked("@Cooks of Rome soup?"), false)
    await page.reload()
    await live(page)
    await eventually(isMarked("soup, @Cooks of Rome!"), true)

    expectData(await alice.client.mutate("takeRole", { serverId, roleId, userId: bob.id }))
    await eventually(isMarked("soup, @Cooks of Rome!"), false)
    await page.getByRole("link", { name: "random (2 unread)", exact: true }).waitFor()
    await sayIn(elsewhere, alice, "@Cooks of Rome, without bob")
    await page.getByRole("link", { name: "random (3 unread)", exact: true }).waitFor()
    // Last, since it makes the window narrow.
    await expectAccessible(page, "a mention of a role")
  },
)
