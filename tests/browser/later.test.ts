import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, composer, eventually, live, meet, message, say } from "./room.ts"

// What people put off: reminders and messages that are sent later, in dialogs and as pages.

const textFile = (name: string) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(`The text of ${name}`),
})

story(
  "a message is sent later, with its files, and one is reminded of another",
  async ({ cast, open, roomPath, expectTrouble }) => {
    // Of a form without a time.
    expectTrouble(/status of 400/)
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    const dialog = bob.getByRole("dialog")
    const close = async () => {
      await dialog.getByRole("button", { name: "Close" }).click()
      await dialog.waitFor({ state: "hidden" })
    }

    await composer(bob).fill("good morning")
    await bob.getByLabel("Attach files").setInputFiles([textFile("first.txt"), textFile("second.txt")])
    await eventually(() => bob.locator('.tray-item[data-state="done"]').count(), 2)
    await bob.getByRole("button", { name: "Schedule", exact: true }).click()
    await dialog.getByRole("checkbox", { name: "second.txt" }).uncheck()
    expect(await dialog.getByRole("textbox", { name: "Message" }).inputValue()).toBe("good morning")
    await expectAccessible(bob, "the choice of a time")
    await bob.setViewportSize({ width: 1280, height: 800 })
    await dialog.getByRole("button", { name: "In 1 hour" }).click()
    await dialog.getByRole("status").filter({ hasText: "The message will be sent" }).waitFor()
    await eventually(() => composer(bob).inputValue(), "")
    // What does not go along stays for the next message.
    await eventually(() => bob.locator(".tray-item").count(), 1)
    expect(await bob.locator(".tray-item").textContent()).toContain("second.txt")
    await dialog.getByText("first.txt").waitFor()
    await expectAccessible(bob, "scheduled messages")
    await bob.setViewportSize({ width: 1280, height: 800 })

    await dialog.getByRole("link", { name: "Edit" }).click()
    await dialog.getByRole("textbox", { name: "Message" }).fill("good evening")
    await dialog.getByLabel("Add files").setInputFiles([textFile("third.txt")])
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.getByText("good evening").waitFor()
    expect(await message(alice, "good").count()).toBe(0)
    await dialog.getByText("third.txt").waitFor()
    await dialog.getByRole("button", { name: "Send now" }).click()
    await message(alice, "good evening").getByText("first.txt").waitFor()
    await message(alice, "good evening").getByText("third.txt").waitFor()
    await dialog.getByText("No scheduled messages").waitFor()
    await close()

    await say(alice, "the kettle is on")
    await message(bob, "the kettle is on").waitFor()
    await choose(bob, "the kettle is on", "Remind me")
    // Enter in a field takes the time that was typed, and none of the buttons.
    await dialog.getByRole("textbox", { name: "Note" }).fill("make tea")
    await bob.keyboard.press("Enter")
    await dialog.getByRole("alert").filter({ hasText: "Choose a day and a time" }).waitFor()
    await expectAccessible(bob, "setting a reminder")
    await bob.setViewportSize({ width: 1280, height: 800 })
    await dialog.getByRole("button", { name: "Tomorrow" }).click()
    await dialog.getByText("make tea").waitFor()
    await dialog.getByRole("button", { name: "Remove" }).click()
    await dialog.getByText("No reminders").waitFor()
    await close()

    // Without JavaScript the same are pages.
    const plain = await open(cast.bob, { javaScriptEnabled: false, path: roomPath })
    const frame = plain.frameLocator("iframe[title='Write a message']")
    await frame.getByRole("textbox", { name: "Message" }).fill("sent from a page")
    await frame.getByLabel("Attach files").setInputFiles([textFile("fourth.txt")])
    await frame.getByRole("button", { name: "Schedule", exact: true }).click()
    await plain.getByRole("checkbox", { name: "fourth.txt" }).waitFor()
    await plain.getByRole("button", { name: "In 3 hours" }).click()
    await plain.getByRole("status").filter({ hasText: "The message will be sent" }).waitFor()
    await plain.getByRole("link", { name: "Edit" }).click()
    await plain.getByRole("checkbox", { name: "fourth.txt" }).uncheck()
    await plain.getByLabel("Add files").setInputFiles([textFile("fifth.txt")])
    await plain.getByRole("button", { name: "Save" }).click()
    await plain.getByText("fifth.txt").waitFor()
    expect(await plain.getByText("fourth.txt").count()).toBe(0)
    // The list stands beside the inbox, and one is still in the chat.
    await plain.getByRole("link", { name: "Scheduled", exact: true }).waitFor()
    await plain.getByRole("navigation", { name: "Servers" }).waitFor()
    await plain.getByRole("button", { name: "Send now" }).click()
    await plain.getByText("Message sent.").waitFor()
    await message(alice, "sent from a page").getByText("fifth.txt").waitFor()
    await live(alice)
  },
)
