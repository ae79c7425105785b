import { expect, test } from "bun:test"
import { closingLine, countsIn, failuresIn, slowestLines, timesIn } from "../support/test-report.ts"

const summary =
  "(pass) 7 fail\n\n 3 pass\n 1 skip\n 1 todo\n 2 fail\n 1 error\n 1 expect() calls\nRan 7 tests\n"

test("a run's counts are those of its summary", () => {
  expect(countsIn(summary, 1)).toEqual({ passed: 3, failed: 2, skipped: 2 })
  expect(countsIn(" 5 pass\n 0 fail\nRan 5 tests\n", 0)).toEqual({ passed: 5, failed: 0, skipped: 0 })
})

test("a run that ends badly without a failed test has failed all the same", () => {
  expect(countsIn(" 5 pass\n 0 fail\n 1 error\n", 1).failed).toBe(1)
  expect(countsIn("Killed\n", 137)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test("the closing line counts all runs and mentions skipped tests only where there are some", () => {
  const counts = { passed: 3, failed: 0, skipped: 0 }
  expect(closingLine([counts, counts])).toBe("6 passed, 0 failed")
  expect(closingLine([counts, { passed: 1, failed: 2, skipped: 1 }])).toBe("4 passed, 2 failed, 1 skipped")
})

test("the slowest tests come first, with their file and full name", () => {
  const report = `<testsuite name="a.test.ts"><testcase name="quick" classname="" time="0.01" file="a.test.ts" line="2" />
    <testcase name="&lt;slow&gt;" classname="a &quot;group&quot;" time="12.34" file="b.test.ts"><failure message="x > y" /></testcase></testsuite>`

  expect(slowestLines(timesIn(report), 15)).toEqual([
    '  12.3 s  b.test.ts  a "group" > <slow>',
    "   0.0 s  a.test.ts  quick",
  ])
  expect(slowestLines(timesIn(report), 1)).toHaveLength(1)
})

test("a failure is the error before its test's name, an error outside of tests its text", () => {
  const output = [
    "a.test.ts:",
    "(pass) one",
    "error: expected 1",
    "(fail) two > three [1ms]",
    "(skip) four",
    "# Unhandled error between tests",
    "-------------------------------",
    "error: lost",
    "-------------------------------",
    "",
    "1 tests failed:",
    "(fail) two > three [1ms]",
    " 1 pass",
  ].join("\n")

  expect(failuresIn(output, 1)).toEqual([
    "error: expected 1\n(fail) two > three [1ms]",
    "# Unhandled error between tests\n-------------------------------\nerror: lost\n-------------------------------",
  ])
  expect(failuresIn(output, 1, 1)[0]).toBe("(fail) two > three [1ms]")
  expect(failuresIn("(pass) one\nKilled", 137, 1)).toEqual(["Killed"])
  expect(failuresIn("(pass) one\n 1 pass\n", 0)).toEqual([])
})
