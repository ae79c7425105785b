import { parseArgs } from "node:util"
import { print } from "./figures.ts"
import { runTrial } from "./trial.ts"

// `bun run chaos --seconds 60 --seed 1`: says what it did, and fails when a promise of delivery was broken.

/** Examples of each kind of violation: all are in the record. */
const maxShown = 5

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    readers: { type: "string", default: "32" },
    senders: { type: "string", default: "12" },
  },
})
const options = {
  seconds: wholeNumber("seconds"),
  seed: wholeNumber("seed"),
  readers: wholeNumber("readers"),
  senders: wholeNumber("senders"),
}
const { figures, violations, record } = await runTrial(options)
process.stdout.write(print(figures))
for (const found of Object.values(Object.groupBy(violations, ({ kind }) => kind))) {
  for (const { kind, who, what } of found.slice(0, maxShown))
    process.stderr.write(`${kind}: ${who}: ${what}\n`)
}
if (record) process.stderr.write(`Written for another look: ${record}\n`)
process.exit(violations.length > 0 ? 1 : 0)

function wholeNumber(name: keyof typeof values): number {
  const text = values[name]
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)

  process.stderr.write(`--${name} is a whole number from 1, not ${text}\n`)
  process.exit(2)
}
