import { expect, setDefaultTimeout, test } from "bun:test"
import { createTestCluster, type TestCluster } from "../../support/cluster.ts"
import { until } from "../../support/listen.ts"
import { describeWithServices } from "../../support/services.ts"
import { startStandby } from "../../support/standby.ts"

// Copies a whole Postgres.
setDefaultTimeout(60_000)

interface Line {
  content?: string
  gap?: { after: number }
}

/** Reads the channel line by line at a node, from a number on. */
async function tail({ lab, general, node, as }: TestCluster, index: number, after: number) {
  const url = `http://localhost/servers/${lab.id}/channels/${general.id}/events?after=${after}`
  const headers = { authorization: `Bearer ${as("bob", index).token}`, accept: "application/x-ndjson" }
  const response = await node(index).app.handle(new Request(url, { headers }))
  const lines: Line[] = []
  const reading = {
    lines,
    status: response.status,
    isOver: false,
    contents: () => lines.flatMap(({ content }) => content ?? []),
  }
  void (async () => {
    for await (const chunk of response.body ?? []) {
      const text = Buffer.from(chunk as Uint8Array).toString()
      lines.push(
        ...text
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Line),
      )
    }
    reading.isOver = true
  })()
  return reading
}

/** Sends a message as alice at the first node; resolves with whether it was confirmed. */
async function post({ lab, general, node, as }: TestCluster, message: { content: string; id: string }) {
  const url = `http://localhost/servers/${lab.id}/channels/${general.id}/messages`
  const type = "application/json"
  const headers = { authorization: `Bearer ${as("alice", 0).token}`, accept: type, "content-type": type }
  const request = new Request(url, { method: "POST", headers, body: JSON.stringify(message) })
  return (await node(0).app.handle(request)).status < 300
}

describeWithServices("a standby that takes over and had not heard of the last message", () => {
  test("reconnects all readers to the current state, and they get every later message", async () => {
    await using cluster = await createTestCluster(2)
    const send = async (content: string) => {
      const id = crypto.randomUUID()
      await until(`"${content}" is confirmed`, () => post(cluster, { content, id }), 30_000)
    }
    await send("kept")
    const before = await tail(cluster, 1, 0)
    await using standby = await startStandby(cluster.databaseUrl)
    await send("lost")
    await until("it has arrived", () => before.contents().includes("lost"))

    for (const { postgres } of cluster.nodes) {
      postgres.leadTo(Number(new URL(standby.url).port))
      postgres.cut()
    }
    await standby.promote()
    for (const { postgres } of cluster.nodes) postgres.restore()
    await send("after")
    await until("the readers were sent away", () => before.isOver, 10_000)
    const again = await tail(cluster, 1, 2)
    await until("it is there", () => again.contents().includes("after"))
    await send("and on")
    await until("it is live", () => again.contents().includes("and on"))

    expect(again.lines[0]).toMatchObject({ gap: { after: 2 } })
    expect(again.contents()).toEqual(["kept", "after", "and on"])
    expect(before.contents().slice(0, 2)).toEqual(["kept", "lost"])
  })
})
