import type { SeededRandom } from "./seeded-random.ts"

const split = (list: string) => list.split("|")

const openings = split(
  "I think|Has anyone seen why|Just merged|Can someone look at|Heads up:|We should talk about|Finally fixed|Not sure about|Thanks for|Reminder:|Does it matter that|Good news about|I would rather not touch|After lunch I will look at|Who owns|Here is what I know of|Please review|It seems that|As far as I can tell,|Nobody expected",
)
const subjects = split(
  "the release|the login page|the invoice export|the search index|our backup|the new onboarding|the staging server|the mobile layout|the rate limit|the quarterly numbers|the translation|the printer on the second floor|the migration|the coffee machine|the customer from Lyon|the flaky test|the dark theme|the meeting notes|the roadmap|the hiring plan",
)
const endings = split(
  "before Friday|again|, see https://example.org/notes|and it is faster now|which surprised me|, any ideas?|so let us wait a day|and I would like a second opinion|in **production**|on my machine|for everybody|, done|`as of today`|with fewer queries|and nobody complained|before the demo|, it was the cache|👍|🎉|instead",
)
const short = split(
  "Thanks!|On it.|Done|Looks good to me|👍|+1|Good point|Will do|Same here|Ha, true|Which one?|Since when?|No idea, sorry|Yes please|Give me ten minutes|Back after lunch|Works now, thank you|🎉🎉|Great work!|Not yet",
)
const code = split(
  '```ts\nexport const retries = 3\n\nexport async function load(id: string) {\n  return fetch("/items/" + id)\n}\n```|```sql\nselect name, count(*) from orders\n where placed_at > \'2026-01-01\'\n group by name;\n```|```sh\n$ bun test\n 412 pass\n 0 fail\n```|```json\n{ "level": "warn", "message": "retrying", "attempt": 2 }\n```',
)

/** Channel names. */
export const nouns =
  "general,random,support,design,backend,frontend,ops,sales,hiring,music,books,cooking,games,travel,security,data,mobile,docs,release,lunch".split(
    ",",
  )

const given =
  "ada,amir,ana,bela,carlos,chen,dana,elif,emma,farid,femi,greta,hana,ines,ivan,jonas,kaya,lena,liam,lucia,maja,mateo,mei,nadia,noor,olga,omar,paula,priya,rafael,rosa,sami,sofia,tariq,tom,uma,vera,wei,yara,zoe".split(
    ",",
  )
const family =
  "abe,berg,costa,diaz,eriksen,fischer,garcia,haas,ito,jensen,khan,lang,moreau,novak,okafor,park,quinn,rossi,silva,tanaka,urban,vogel,weber,xu,yilmaz".split(
    ",",
  )

/** The username of the user with this index; all are different. */
export function usernameAt(index: number): string {
  // 401 and the number of pairs are coprime, so every index gives another pair.
  const pair = (index * 401) % (given.length * family.length)
  const name = `${given[pair % given.length]}.${family[Math.floor(pair / given.length)]}`
  const round = Math.floor(index / (given.length * family.length))
  return round === 0 ? name : `${name}${round + 1}`
}

/** A random sentence without a full stop. */
export function sentence(random: SeededRandom): string {
  return `${random.pick(openings)} ${random.pick(subjects)} ${random.pick(endings)}`.replace(" ,", ",")
}

/** A random message: mostly one line, sometimes a word, a list, code or a few paragraphs. */
export function messageText(random: SeededRandom): string {
  const kind = random.next()
  if (kind < 0.22) return random.pick(short)
  if (kind < 0.82) return sentence(random)
  if (kind < 0.9) return `${sentence(random)}. ${sentence(random)}.`
  if (kind < 0.93) return `${sentence(random)}:\n- ${sentence(random)}\n- ${sentence(random)}`
  if (kind < 0.96) return `${sentence(random)}\n${random.pick(code)}`
  if (kind < 0.97) return `> ${sentence(random)}\n${random.pick(short)}`
  if (kind < 0.98) return `# ${random.pick(subjects)}\n1. ${sentence(random)}\n2. ${sentence(random)}`
  return Array.from({ length: random.between(3, 6) }, () => `${sentence(random)}.`).join("\n\n")
}
