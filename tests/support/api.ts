import { expect } from "bun:test"
import type { Name, TestServer } from "./server.ts"

// The contract as plain JSON: `/api/{procedure}`, and the pages' addresses for programs.

export type Json = Record<string, unknown>

/** Asks as one of the cast by their token; the parsed answer beside its status and headers. */
export async function ask(server: TestServer, path: string, { by = "alice", body, ...init }: Asked = {}) {
  const answer = await fetch(server.origin + path, {
    redirect: "manual",
    method: body === undefined ? "GET" : "POST",
    ...init,
    headers: {
      ...(by && { authorization: `Bearer ${server.cast[by].token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...init.headers,
    },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  expect([path, answer.headers.get("content-type")]).toEqual([path, "application/json; charset=utf-8"])
  return { status: answer.status, headers: answer.headers, data: text ? JSON.parse(text) : undefined }
}

export interface Asked extends Omit<RequestInit, "body" | "headers"> {
  by?: Name | null
  body?: unknown
  headers?: Record<string, string>
}

export const json = { headers: { accept: "application/json" } }

export const sending = (body: unknown): Asked => ({ ...json, body })
