import { Program } from "../../tests/support/program.ts"
import type { Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"
import { acmeOf, fillWorkspace } from "../workspace.ts"

const messages = 1_000_000
/** So far back it goes. */
const historyDays = 730
/** Searches of each kind in a round. */
const asked = 100

/** By somebody who may read all of it. `QUIET` stands for one who says little. */
const searches: Record<string, string> = {
  "a common word": "the",
  "three common words": "the release again",
  "a common phrase": '"the release"',
  "common words, in no message in that order": '"release the"',
  "one common word twice in a row, in no message": '"the the"',
  "facts that are in few messages together": "from:alice mentions:bob has:link",
  "a fact and its opposite": "has:link -has:link",
  "twenty common words":
    "the release login page invoice export search index backup onboarding staging server mobile layout rate limit quarterly numbers again production",
  "a common word from who says little": "the from:QUIET",
  "a common word with a link, in one channel, before today": "the has:link in:#random before:today",
  "a common word without another": "the -release",
  "a word of one message": "heliotrope",
  "a word of none": "zzzzzz",
  "one CJK letter": "会",
  "two CJK letters": "会議",
  "a CJK phrase": "会議があります",
}
/** By somebody who may read a hundred messages of them. */
const asOutsider: Record<string, string> = {
  "a common word, of which little may be seen": "the",
  "common words in no order that may be seen": "release the",
}

interface Answer {
  results: unknown[]
  lookedBackTo: string | null
}

/** What a search takes, one after another over HTTP. */
export const search: Part = {
  name: "search",
  title: "Searching a million messages in 200 channels",
  note: "One after another, over HTTP: the newest 25 with their snippets. The CJK is in 30 messages. Everything is indexed before. What is not found within the time of a page is looked for in so many of 730 days.",
  columns: [
    { name: "p50, ms", digits: 1 },
    { name: "p99, ms", digits: 1 },
    { name: "found" },
    { name: "days looked back" },
  ],
  rounds: 1,
  async prepare(folder) {
    await fillWorkspace(folder, { messages, members: 1000, channels: 200 })
    const server = await startChat(folder)
    const { alice } = await roomOf(server)
    await alice.send("A heliotrope by the window")
    for (let i = 0; i < 30; i++) await alice.send(`今日は会議があります、資料 ${i}`)
    const quiet = await quietOne(alice)
    const outsider = await outsiderOn(alice.origin)

    const ask =
      (query: string, asker = alice) =>
      async () => {
        const address = `http://127.0.0.1:${server.port}/api/searchMessages?${new URLSearchParams({ query })}`
        const times: number[] = []
        let [found, days] = [0, 0]
        for (let i = 0; i < asked; i++) {
          const startedAt = performance.now()
          const answer = await fetch(address, { headers: { authorization: `Bearer ${asker.token}` } })
          const { results, lookedBackTo } = (await answer.json()) as Answer
          times.push(performance.now() - startedAt)
          found = results.length
          days = lookedBackTo ? Math.round((Date.now() - Date.parse(lookedBackTo)) / 86_400_000) : historyDays
        }
        times.sort((a, b) => a - b)
        return {
          "p50, ms": times[asked / 2],
          "p99, ms": times[Math.ceil(asked * 0.99) - 1],
          found,
          "days looked back": days,
        }
      }
    const contenders = [
      ...Object.entries(searches).map(([name, query]) => [name, ask(query.replace("QUIET", quiet))] as const),
      ...Object.entries(asOutsider).map(([name, query]) => [name, ask(query, outsider)] as const),
    ]
    return { contenders: Object.fromEntries(contenders), close: () => server.stop() }
  },
}

/** The last member: in a workspace a few write most of it, and those come first. */
async function quietOne(alice: Program): Promise<string> {
  const serverId = await acmeOf(alice)
  const members = await alice.call<{ username: string }[]>("getMembers", { serverId })
  return members.at(-1)?.username ?? ""
}

/** Somebody with a server of their own, in which half of a hundred messages have a common word. */
async function outsiderOn(origin: string): Promise<Program> {
  const person = { username: "outsider", password: "password" }
  const { token } = await new Program(origin, "").call<{ token: string }>("signUp", person)
  const outsider = new Program(origin, token)
  const { id: serverId } = await outsider.call<{ id: string }>("createServer", { name: "Outside" })
  await outsider.call("createChannel", { serverId, name: "outside" })
  for (let i = 0; i < 100; i++) await outsider.send(i % 2 === 0 ? `The note ${i}` : `A note ${i}`)
  return outsider
}
