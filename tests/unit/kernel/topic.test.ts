import { expect, test } from "bun:test"
import { resourceTopic, topicOf } from "../../../src/kernel/index.ts"

test("equal params give the same topic in any order", () => {
  expect(topicOf("chat", { b: "2", a: "1" })).toBe(topicOf("chat", { a: "1", b: "2" }))
  expect(topicOf("chat", { b: "2", a: "1" })).toBe("chat:a=1&b=2")
})

test("different channels or params never share a topic", () => {
  const parts = [
    "a",
    "a:b",
    "a&b",
    "a=b",
    "a/b",
    "a%3db",
    "%",
    ":",
    "&",
    "=",
    "é",
    "e\u0301",
    "\ud800",
    "💬",
    "",
  ]
  const topics = parts.flatMap((channel) => [
    topicOf(channel, {}),
    resourceTopic(channel),
    ...parts.flatMap((key) => [
      ...parts.map((value) => topicOf(channel, { [key]: value })),
      ...parts
        .filter((other) => other !== key)
        .map((other) => topicOf(channel, { [key]: "x", [other]: "y" })),
    ]),
  ])

  expect(new Set(topics).size).toBe(topics.length)
})

test("params cannot be shifted into each other", () => {
  expect(topicOf("chat", { a: "1&b=2" })).not.toBe(topicOf("chat", { a: "1", b: "2" }))
  expect(topicOf("chat:a=1", {})).not.toBe(topicOf("chat", { a: "1" }))
})
