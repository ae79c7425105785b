import { describe, expect, setDefaultTimeout, spyOn, test } from "bun:test"
import { oneTimeLinks } from "../../../drizzle/schema.ts"
import { mailer } from "../../../src/features/email-addresses/mailer.ts"
import { countMails, insertMail } from "../../../src/features/email-addresses/queue.ts"
import { PublicFetch } from "../../../src/web/public-fetch.ts"
import { putAddress, putVerification } from "../../support/administrators.ts"
import { clientOf, createTestChat, expectData, silent, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { openMailbox } from "../../support/mailbox.ts"
import { isStored } from "../../support/test-database.ts"

// Passwords are hashed slowly on purpose.
setDefaultTimeout(60_000)

const tokenIn = (link: string) => link.split("/").at(-1) ?? ""
const ask = ({ chat }: TestChat, account: string, address?: string) =>
  clientOf(chat, undefined, { address }).mutate("requestPasswordReset", { account })

const login = ({ chat }: TestChat, password: string) =>
  clientOf(chat).mutate("login", { username: "bob", password })

describe("an e-mail address", () => {
  test("is confirmed by the link that it was sent, which works once", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat({ ...mailbox.environment, PUBLIC_URL: "https://chat.example.org" })
    const { bob } = app.cast
    const inputs = { address: " Bob@Example.org ", password: "password" }
    expectData(await bob.client.mutate("setEmailAddress", inputs))
    const { to, from, raw, link } = await mailbox.letter(1)
    expect([to, from]).toEqual([["bob@example.org"], "chat@example.org"])
    expect(raw).toContain("Covenant Chat")
    expect(link).toStartWith("https://chat.example.org/verify-email/")
    const before = expectData(await bob.client.query("getEmailAddress", null))
    expect(before).toEqual({ address: null, pending: "bob@example.org", isOffered: true })
    expect(await isStored(app.database, tokenIn(link))).toBe(false)

    const verify = () => clientOf(app.chat).mutate("verifyEmailAddress", { token: tokenIn(link) })
    const both = await Promise.all([verify(), verify()])

    expect(both.map(({ error }) => error?.code ?? 200).toSorted()).toEqual([200, 404])
    const after = expectData(await bob.client.query("getEmailAddress", null))
    expect(after).toMatchObject({ address: "bob@example.org", pending: null })
  })

  test("stays until the next one is confirmed, and gets a notice of the change", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat(mailbox.environment)
    const { bob } = app.cast
    await putAddress(app.chat, bob.id, "old@example.org")
    const address = async () => expectData(await bob.client.query("getEmailAddress", null)).address

    expectData(
      await bob.client.mutate("setEmailAddress", { address: "new@example.org", password: "password" }),
    )

    const { link } = await mailbox.letter(1)
    expect(await address()).toBe("old@example.org")
    expectData(await bob.client.mutate("verifyEmailAddress", { token: tokenIn(link) }))
    expect(await address()).toBe("new@example.org")
    expect((await mailbox.letter(2)).to).toEqual(["old@example.org"])
  })

  test("belongs to one account; entering it does not say that somebody has it", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat(mailbox.environment)
    const { alice, bob } = app.cast
    await putAddress(app.chat, alice.id, "alice@example.org")

    const entered = await bob.client.mutate("setEmailAddress", {
      ...{ address: "alice@example.org", password: "password" },
    })

    expectData(entered)
    const { link } = await mailbox.letter(1)
    const verified = await bob.client.mutate("verifyEmailAddress", { token: tokenIn(link) })
    expect(verified.error?.code).toBe(409)
  })

  test("needs the password to be changed or removed, and a chat that sends e-mail", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat(mailbox.environment)
    using silent = await createTestChat()
    const { bob } = app.cast
    await putAddress(app.chat, bob.id, "bob@example.org")
    const right = { address: "new@example.org", password: "password" }

    const codes = [
      (await bob.client.mutate("setEmailAddress", { ...right, password: "passwort" })).error?.code,
      (await bob.client.mutate("removeEmailAddress", { password: "passwort" })).error?.code,
      (await bob.client.mutate("setEmailAddress", { ...right, address: "a@b, c@d" })).error?.code,
      (await silent.cast.bob.client.mutate("setEmailAddress", right)).error?.code,
      (await ask(silent, "bob")).error?.code,
    ]

    expect(codes).toEqual([403, 403, 400, 403, 403])
    expect(mailbox.attempts()).toBe(0)
    expectData(await bob.client.mutate("removeEmailAddress", { password: "password" }))
    expect(expectData(await bob.client.query("getEmailAddress", null)).address).toBeNull()
  })
})

describe("a lost password", () => {
  test.each(["bob", " Bob@example.org"])(
    "is set anew by e-mail for %p, by the link alone",
    async (account) => {
      using mailbox = await openMailbox()
      using app = await createTestChat({ ...mailbox.environment, PUBLIC_URL: "https://chat.example.org" })
      await putAddress(app.chat, app.cast.bob.id, "bob@example.org")

      expectData(await ask(app, account))

      const { to, link } = await mailbox.letter(1)
      expect(to).toEqual(["bob@example.org"])
      expect(link).toStartWith("https://chat.example.org/reset/")
      const reset = (newPassword: string) =>
        clientOf(app.chat).mutate("resetPassword", { token: tokenIn(link), newPassword })
      expect((await reset("bob12345")).error?.code).toBe(400)
      expectData(await reset("correct horse"))
      expect((await reset("another password")).error?.code).toBe(404)
      expect((await app.cast.bob.client.query("getServers", null)).error?.code).toBe(401)
      expectData(await login(app, "correct horse"))
    },
  )

  test("says the same whether there is an account, and looks for none before the answer", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat(mailbox.environment)
    const { alice, bob } = app.cast
    await putAddress(app.chat, bob.id, "bob@example.org")
    // Alice's is not confirmed.
    await putVerification(app.chat, { token: "t", userId: alice.id, address: "alice@example.org" })
    const sent: unknown[] = []
    const { send } = app.chat.workers.get(mailer)
    app.chat.workers.get(mailer).send = (write) => sent.push(write)

    const accounts = ["bob", "bob@example.org", "alice", "alice@example.org", "nobody"]
    const answers = await Promise.all(
      accounts.map((account) => ask(app, account, `10.0.0.${account.length}`)),
    )

    expect(answers.map(({ data, error, resources }) => ({ data, error, resources }))).toEqual(
      accounts.map(() => ({ data: null, error: null, resources: [] })),
    )
    expect(sent).toHaveLength(accounts.length)
    expect(await app.chat.db.select().from(oneTimeLinks).all()).toEqual([])
    for (const write of sent) send.call(app.chat.workers.get(mailer), write as Parameters<typeof send>[0])
    await mailbox.letter(2)
    expect(mailbox.letters.map(({ to }) => to)).toEqual([["bob@example.org"], ["bob@example.org"]])
  })

  test("is limited to some mails by address, with a 429", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat({ ...mailbox.environment, RATE_LIMIT_LOGINS: "100/10m" })
    await putAddress(app.chat, app.cast.bob.id, "bob@example.org")

    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(app, "bob", "10.0.0.1")))
    const others = await Promise.all(Array.from({ length: 6 }, (_, i) => ask(app, "bob", `10.0.1.${i}`)))

    expect(answers.map(({ error }) => error?.code ?? 200).toSorted()).toEqual([200, 200, 200, 200, 200, 429])
    expect(others.every(({ success }) => success)).toBe(true)
    // Messages go in the order in which they were asked for, so that hers is the last.
    await putAddress(app.chat, app.cast.alice.id, "alice@example.org")
    expectData(await ask(app, "alice", "10.0.2.1"))
    await until("alice has hers", () => mailbox.letters.some(({ to }) => to.includes("alice@example.org")))
    expect(mailbox.letters).toHaveLength(6)
  })
})

describe("sending", () => {
  test.each([
    ["tries again what the mail server could not take", 451, ["bob@example.org", "alice@example.org"]],
    ["gives up what the mail server refused for good", 550, ["alice@example.org"]],
  ] as const)("%s", async (_, code, expected) => {
    using mailbox = await openMailbox({ refusals: 1, code })
    using warnings = spyOn(silent, "warn")
    const outside = { fetcher: new PublicFetch({ resolve: async () => [] }), waitMs: () => 1 }
    using app = await createTestChat(mailbox.environment, outside)
    await putAddress(app.chat, app.cast.bob.id, "bob@example.org")
    await putAddress(app.chat, app.cast.alice.id, "alice@example.org")
    const { failures } = app.chat
    app.chat.start()

    expectData(await ask(app, "bob"))
    await until("it was tried, and tried again or given up", () =>
      code === 451 ? mailbox.letters.length > 0 : mailbox.attempts() > 1 || failures.length > 0,
    )
    expectData(await ask(app, "alice"))

    await until("alice has hers", () => mailbox.letters.some(({ to }) => to.includes("alice@example.org")))
    expect(mailbox.letters.flatMap(({ to }) => to)).toEqual([...expected])
    await until("nothing waits", async () => (await countMails(app.chat.db)) === 0)
    const said = warnings.mock.calls.filter(([message]) => message.startsWith("An e-mail was not sent"))
    expect(said).toHaveLength(code === 451 ? 1 : 0)
    if (code === 451) expect(said[0]?.[0]).toContain("451")
  })

  test("sends once what an ended process has left, and stores no secret that can be read", async () => {
    using mailbox = await openMailbox()
    using app = await createTestChat(mailbox.environment)
    const { chat, database } = app
    const secret = crypto.randomUUID()
    const mail = {
      to: "bob@example.org",
      subject: "Hi",
      text: `https://chat.example.org/reset/${secret}`,
      html: "",
    }
    const store = (id: string, dueAt: number) =>
      chat.commits.note("nothing", (tx) => insertMail(tx, chat.config, { id, mail, dueAt: new Date(dueAt) }))
    await store("left", Date.now() - 1000)
    // Another process may still be at it.
    await store("under way", Date.now() + 60_000)
    expect(await isStored(database, secret)).toBe(false)

    chat.start()

    expect((await mailbox.letter(1)).raw).toContain(secret)
    await until("one waits", async () => (await countMails(chat.db)) === 1)
    expect(mailbox.letters).toHaveLength(1)
  })
})
