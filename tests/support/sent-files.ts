import { expect } from "bun:test"
import { picture, upload } from "./pictures.ts"
import type { Name, TestServer } from "./server.ts"

export const acceptJson = { accept: "application/json" }

export const png = await picture("png", 60, 40)

/** Sends a form with files to the room, as someone. */
export async function sendFiles(
  server: TestServer,
  name: Name,
  given: File[],
  to = "files",
  headers = acceptJson,
) {
  const body = new FormData()
  for (const file of given) body.append("files", file)
  return server.as(name).fetch(`${server.roomPath}/${to}`, { method: "POST", body, headers })
}

/** A message of alice's with these files; their ids. */
export async function sendWithFiles(server: TestServer, given: File[], content = "look"): Promise<string[]> {
  const ids: string[] = []
  for (const file of given) ids.push((await upload(server, "alice", file)).id)
  const answer = await server
    .as("alice")
    .post(`${server.roomPath}/messages`, { content, files: ids.join(",") })
  expect(answer.status).toBe(303)
  return ids
}

export const keysIn = (server: TestServer) =>
  Array.fromAsync(server.chat.storage.list("files"), ({ key }) => key)
