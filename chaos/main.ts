import { parseArgs } from "node:util"
import { bugNames, bugOfOneServer } from "./patches/patches.ts"
import { formatSummary } from "./summary.ts"
import { runTrial } from "./trial.ts"

// `bun run chaos --seconds 60 --seed 1`: runs a trial, prints its summary, and fails when a delivery promise broke.
// With `--nodes 3` against a cluster. `--plant <name>` plants a bug, which the trial must find.

/** Violations printed for each kind; the report has all of them. */
const maxPrinted = 5

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    readers: { type: "string", default: "32" },
    senders: { type: "string", default: "12" },
    nodes: { type: "string" },
    plant: { type: "string" },
  },
})
const options = {
  seconds: wholeNumber("seconds"),
  seed: wholeNumber("seed"),
  readers: wholeNumber("readers"),
  senders: wholeNumber("senders"),
  nodes: values.nodes === undefined ? undefined : wholeNumber("nodes"),
  plant: bugNames.find((name) => name === values.plant),
}
const isPlantable = options.plant && (options.nodes || options.plant === bugOfOneServer)
if (values.plant !== undefined && !isPlantable) {
  process.stderr.write(`--plant needs one of these, and --nodes but for the last: ${bugNames.join(", ")}\n`)
  process.exit(2)
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
  const text = values[name] ?? ""
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)

  process.stderr.write(`--${name} must be a whole number of at least 1, not ${text}\n`)
  process.exit(2)
}
