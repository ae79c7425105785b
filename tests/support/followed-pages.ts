import { expect } from "bun:test"
import { articlesOf } from "../integration/transports/page.ts"
import { post } from "../integration/transports/transport.ts"
import type { TestServer, Visitor } from "./server.ts"

export const htmx = { headers: { "hx-request": "true" } }

/** A number of numbered messages, by alice and bob in turns. */
export async function fillInTurns(server: TestServer, count: number): Promise<void> {
  for (const number of range(1, count)) {
    expect(await post(server.as(number % 2 ? "alice" : "bob"), server.room, `Message ${number}`)).toBe(200)
  }
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

export async function pageAt(visitor: Visitor, path: string, init?: RequestInit): Promise<string> {
  const answer = await visitor.get(path, init)
  expect([path, answer.status]).toEqual([path, 200])
  return answer.text()
}

export async function shownAt(visitor: Visitor, path: string) {
  return articlesOf(await pageAt(visitor, path))
}
