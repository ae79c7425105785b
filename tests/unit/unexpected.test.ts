import { expect, test } from "bun:test"
import type { Logger } from "../../src/observability/log.ts"
import { createErrorReporter, type RecentFailure } from "../../src/observability/unexpected.ts"

const failed = (code: string, name = "Error") => Object.assign(new Error("it failed"), { code, name })
const fullDisk = failed("SQLITE_FULL")

function createReporter() {
  const lines: [message: string, details?: Record<string, unknown>][] = []
  const error = (...line: (typeof lines)[number]) => void lines.push(line)
  const failures: RecentFailure[] = []
  let time = 0
  const report = createErrorReporter({ error } as unknown as Logger, failures, () => time)
  return {
    report,
    failures,
    lines,
    wait(ms: number) {
      time += ms
    },
  }
}

test("a failure of the database is logged once a minute for each place, with how often it was repeated", () => {
  const { report, failures, lines, wait } = createReporter()

  for (let i = 0; i < 5; i++) expect(report(fullDisk, "a page").status).toBe(503)
  report(fullDisk, "the search index")
  report(failed("SQLITE_BUSY"), "a page")
  expect(lines.map(([message]) => message)).toEqual([
    "The database failed in a page: the disk is full",
    "The database failed in the search index: the disk is full",
    "The database failed in a page: another program holds the database locked",
  ])
  expect(failures).toHaveLength(3)
  wait(60_000)
  report(fullDisk, "a page")

  expect(lines).toHaveLength(4)
  expect(lines[3]?.[1]).toMatchObject({ code: "SQLITE_FULL", repeated: 4 })
})

test("all other errors are logged each time", () => {
  const { report, failures, lines } = createReporter()

  expect([report(new Error("a bug"), "a page").status, report(new Error("a bug"), "a page").status]).toEqual([
    500, 500,
  ])
  expect([lines.length, failures.length]).toEqual([2, 2])
})

test.each([
  [failed("ENOSPC"), "the disk is full"],
  [failed("EROFS"), "the disk may not be written"],
  [failed("ConnectionRefused", "S3Error"), "S3 cannot be reached"],
  [failed("AccessDenied", "S3Error"), "S3 refuses the access key or the bucket"],
  [failed("SlowDown", "S3Error"), "S3 failed"],
])("a file store that fails is one to try again: %p", (error, cause) => {
  const { report, lines } = createReporter()

  const { status, message, options } = report(error, "a page")

  expect([status, options.retryAfterSeconds]).toEqual([503, 2])
  expect(message).toStartWith("Files cannot be stored or read right now")
  expect(lines.map(([line]) => line)).toEqual([`The file store failed in a page: ${cause}`])
})
