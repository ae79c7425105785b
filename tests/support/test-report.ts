/** How many tests of a run ended how. */
export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

export interface TimedTest {
  name: string
  file: string
  seconds: number
}

/**
 * The counts in the summary that `bun test` prints last. A run that failed for another reason, such as a file that
 * does not load or a process that died, counts as one failed test at least.
 */
export function countsIn(output: string, exitCode: number): TestCounts {
  const count = (what: string) =>
    Number([...output.matchAll(new RegExp(`^ *(\\d+) ${what}$`, "gm"))].at(-1)?.[1] ?? 0)
  const failed = Math.max(count("fail"), count("errors?"), exitCode === 0 ? 0 : 1)
  return { passed: count("pass"), failed, skipped: count("skip") + count("todo") }
}

/**
 * What `bun test` printed of each test that failed (the error, what the test itself printed, and its name) and of
 * each error outside of tests: the last lines of each. A process that died without either is shown by its last lines.
 */
export function failuresIn(output: string, exitCode: number, longest = 40): string[] {
  const failures: string[] = []
  let lines: string[] = []
  for (const line of output.split("\n")) {
    // From here on it names tests once more.
    if (/^\d+ tests (failed|skipped):$/.test(line)) break
    lines.push(line)
    const isError = line.startsWith("---") && lines.at(-2) !== errorTitle && lines.includes(errorTitle)
    if (line.startsWith("(fail)") || isError) failures.push(lastOf(lines, longest))
    if (isError || /^\((pass|fail|skip|todo)\) /.test(line)) lines = []
  }
  return failures.length > 0 || exitCode === 0 ? failures : [lastOf(output.split("\n"), longest)]
}

const errorTitle = "# Unhandled error between tests"

function lastOf(lines: string[], longest: number): string {
  return lines.slice(-longest).join("\n").trim()
}

/** The tests in a JUnit report, as `bun test --reporter=junit` writes it. */
export function timesIn(report: string): TimedTest[] {
  return [...report.matchAll(/<testcase ([^>]*)>/g)].map(([, attributes = ""]) => {
    const { name = "", classname, time, file = "" } = attributesIn(attributes)
    return { name: classname ? `${classname} > ${name}` : name, file, seconds: Number(time) }
  })
}

/** The slowest tests as lines, slowest first. */
export function slowestLines(tests: TimedTest[], limit: number): string[] {
  return tests
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, limit)
    .map(({ name, file, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${file}  ${name}`)
}

/** The last line of a run, for a CI that reads no other: `12 passed, 0 failed, 1 skipped`. */
export function closingLine(all: TestCounts[]): string {
  const sum = (which: keyof TestCounts) => all.reduce((total, counts) => total + counts[which], 0)
  const skipped = sum("skipped")
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" }

function attributesIn(text: string): Record<string, string> {
  const found = [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => {
    return [name, value.replace(/&(\w+);/g, (whole, entity) => entities[entity] ?? whole)]
  })
  return Object.fromEntries(found)
}
