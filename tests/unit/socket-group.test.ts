import { expect, test } from "bun:test"
import { SocketGroup } from "../../src/web/live/socket-group.ts"

const insertion = { open: "<ul>", close: "</ul>" }

function change(seq: number) {
  return { seq, position: seq, fragment: `<li>${seq}</li>`, wrapper: insertion }
}

/** The next turn of the event loop, in which groups send what they gathered. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

function createGroup() {
  const published: string[] = []
  const group = new SocketGroup("room", (topic, data) => void (topic === "room" && published.push(data)))
  return { group, published }
}

test("a group publishes until it is closed, and nothing then: another group may have the topic", async () => {
  const { group, published } = createGroup()
  // Side topics have subscribers and no members.
  group.send([change(1)])
  await turn()
  expect(published).toEqual(["<ul><li>1</li></ul>"])

  group.send([change(2)])
  group.close()
  await turn()
  group.send([change(3)])
  group.sendEphemeral(change(4))
  await turn()

  expect(published).toHaveLength(1)
})
