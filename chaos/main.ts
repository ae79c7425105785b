import { parseArgs } from "node:util"
import { formatSummary } from "./summary.ts"
import { runTrial } from "./trial.ts"

// `bun run chaos --seconds 60 --seed 1`: runs a trial, prints its summary, and fails when a delivery promise broke.

/** Violations printed for each kind; the report has all of them. */
const maxPrinted = 5

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
const { summary, violations, reportPath } = await runTrial(options)
process.stdout.write(formatSummary(summary))
for (const ofOneKind of Object.values(Object.groupBy(violations, ({ kind }) => kind))) {
  for (const { kind, who, what } of ofOneKind.slice(0, maxPrinted))
    process.stderr.write(`${kind}: ${who}: ${what}\n`)
}
if (reportPath) process.stderr.write(`Report: ${reportPath}\n`)
process.exit(violations.length > 0 ? 1 : 0)

function wholeNumber(name: keyof typeof values): number {
  const text = values[name]
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)

  process.stderr.write(`--${name} must be a whole number of at least 1, not ${text}\n`)
  process.exit(2)
}
