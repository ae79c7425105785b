import type { Program } from "../../tests/support/program.ts"
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
    const { alice, header } = await roomOf(server)
    await alice.send("A heliotrope by the window")
    for (let i = 0; i < 30; i++) await alice.send(`今日は会議があります、資料 ${i}`)
    const authorization = header.slice("Authorization: ".length)
    const quiet = await quietOne(alice)

    const ask = (query: string) => async () => {
      const address = `http://127.0.0.1:${server.port}/api/searchMessages?${new URLSearchParams({ query })}`
      const times: number[] = []
      let [found, days] = [0, 0]
      for (let i = 0; i < asked; i++) {
        const startedAt = performance.now()
        const answer = await fetch(address, { headers: { authorization } })
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
    const contenders = Object.entries(searches).map(
      ([name, query]) => [name, ask(query.replace("QUIET", quiet))] as const,
    )
    return { contenders: Object.fromEntries(contenders), close: () => server.stop() }
  },
}

/** The last member: in a workspace a few write most of it, and those come first. */
async function quietOne(alice: Program): Promise<string> {
  const serverId = await acmeOf(alice)
  const members = await alice.call<{ username: string }[]>("getMembers", { serverId })
  return members.at(-1)?.username ?? ""
}
