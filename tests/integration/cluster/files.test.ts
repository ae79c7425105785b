import { expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { createTestCluster } from "../../support/cluster.ts"
import { until } from "../../support/listen.ts"
import { fileOf, picture } from "../../support/pictures.ts"
import { startS3 } from "../../support/s3.ts"
import { describeWithServices } from "../../support/services.ts"

setDefaultTimeout(30_000)

describeWithServices("files of several nodes in S3", () => {
  test("are sent at one node, shown by another, outlive the first and are deleted by the second", async () => {
    using s3 = startS3({ bucket: "bucket", accessKeyId: "chat" })
    await using cluster = await createTestCluster(2, {
      environment: {
        FILES_URL: "s3://bucket/chat",
        S3_ENDPOINT: s3.endpoint,
        S3_ACCESS_KEY_ID: "chat",
        S3_SECRET_ACCESS_KEY: "a secret that is only used in tests",
      },
    })
    const fetchAs = (name: "alice" | "bob", node: number, path: string, init: RequestInit = {}) => {
      const headers = {
        authorization: `Bearer ${cluster.as(name, node).token}`,
        accept: "application/json",
        ...init.headers,
      }
      return cluster.node(node).app.handle(new Request(`http://chat.test${path}`, { ...init, headers }))
    }
    const room = `/servers/${cluster.lab.id}/channels/${cluster.general.id}`

    const body = new FormData()
    body.append("files", fileOf("cat.png", await picture("png", 60, 40)))
    body.append("files", fileOf("notes.txt", "0123456789"))
    const uploaded = await fetchAs("alice", 0, `${room}/files`, { method: "POST", body })
    const { files } = (await uploaded.json()) as { files: { id: string }[] }
    const [cat, notes] = files.map(({ id }) => id)
    // Sent at the node that did not take it.
    const sent = await fetchAs("alice", 1, `${room}/messages`, {
      method: "POST",
      body: new URLSearchParams({ content: "look", files: files.map(({ id }) => id).join(",") }),
    })
    expect(sent.status).toBeLessThan(400)
    const alice = cluster.as("alice", 1)
    const [message] = expectData(await alice.client.query("getMessages", { channelId: cluster.general.id }))
    await cluster.node(0).stop()

    const image = await fetchAs("bob", 1, `/files/${cat}/preview/400`)
    expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/webp"])
    expect(await new Bun.Image(await image.bytes()).metadata()).toMatchObject({ width: 60, height: 40 })
    const part = await fetchAs("bob", 1, `/files/${notes}`, { headers: { range: "bytes=3-5" } })
    expect([part.status, await part.text()]).toEqual([206, "345"])
    expect(s3.objects.size).toBeGreaterThan(1)

    expectData(await alice.client.mutate("deleteMessage", { messageId: message?.id ?? "" }))
    await until("the bucket is empty", () => s3.objects.size === 0)
  })
})
