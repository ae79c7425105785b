import { expect, test } from "bun:test"
import { SocketGroup } from "../../src/web/live/socket-group.ts"
import { StreamGroup } from "../../src/web/live/stream-group.ts"
import { toEvents } from "../../src/web/live/update.ts"

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

test("an event stream gets the messages of a turn as one event, with the id of the last", async () => {
  const chunks: string[] = []
  const group = new StreamGroup()
  const write = (chunk: Uint8Array) => void chunks.push(new TextDecoder().decode(chunk))
  group.add({
    format: { name: "events", heartbeat: "", encode: toEvents },
    write,
    writeEphemeral: write,
  })
  const replaced = { seq: 3, position: 1, fragment: "<li>one</li>" }

  group.send([change(1)])
  group.send([change(2)])
  group.send([replaced])
  group.send([change(4)])
  expect(chunks).toEqual([])
  await turn()

  const events = [
    "id: 2\ndata: <ul><li>1</li><li>2</li></ul>\n\n",
    "id: 3\ndata: <li>one</li>\n\n",
    "id: 4\ndata: <ul><li>4</li></ul>\n\n",
  ]
  expect(chunks).toEqual([events.join("")])
})
