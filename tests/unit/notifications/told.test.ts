import { expect, test } from "bun:test"
import { notificationLevels } from "../../../drizzle/schema.ts"
import { notifier } from "../../../src/features/notifications/notifier.ts"
import { listTold } from "../../../src/features/notifications/told.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"

const reply = async (app: TestChat) => {
  const replyTo = await say(app, app.cast.bob, "anyone?")
  await say(app, app.cast.alice, "me", { replyTo })
}

/** What the pages of bob are told of, as numbers of messages of the channel. */
const cases: Record<string, { told: number[]; play: (app: TestChat) => Promise<unknown>; afterMs?: number }> =
  {
    "a reply": { told: [2], play: reply },
    "a keyword": {
      told: [1],
      async play(app) {
        const { bob, alice } = app.cast
        expectData(await bob.client.mutate("updateNotificationSettings", { keywords: ["tea"] }))
        await say(app, alice, "who wants Tea?")
      },
    },
    "no message that is for nobody": { told: [], play: (app) => say(app, app.cast.alice, "hello") },
    "nothing that was read": {
      told: [],
      async play(app) {
        await reply(app)
        expectData(await app.cast.bob.client.mutate("markChannelRead", { channelId: app.general.id }))
      },
    },
    "nothing of a muted server": {
      told: [],
      async play(app) {
        const { cast, lab, chat } = app
        const mute = { userId: cast.bob.id, placeId: lab.id, place: "server", updatedAt: new Date() } as const
        const mutedUntil = new Date(Date.now() + 60_000)
        await chat.commits.decide((tx) =>
          tx
            .insert(notificationLevels)
            .values({ ...mute, mutedUntil })
            .run(),
        )
        await reply(app)
      },
    },
    "nothing older than a minute": { told: [], play: reply, afterMs: 61_000 },
    "nothing that they may not read any more": {
      told: [],
      async play(app) {
        await reply(app)
        const { alice, bob } = app.cast
        expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
      },
    },
  }

test.each(Object.keys(cases))("an open page is told of %s", async (name) => {
  using app = await createTestChat()
  const { told = [], play, afterMs = 0 } = cases[name] ?? {}
  await app.chat.workers.get(notifier).wake()
  await play?.(app)

  await app.chat.workers.get(notifier).wake()
  await app.chat.workers.get(notifier).settle()

  const listed = await listTold(app.chat.db, app.cast.bob.id, new Date(Date.now() + afterMs))
  expect(listed.map(({ to }) => to)).toEqual(told)
})
