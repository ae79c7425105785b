import { describe, expect, test } from "bun:test"
import { Elysia } from "elysia"
import { RouteTable, route } from "../../src/web/routes.ts"

const at = (path: string, method = "GET") => ({ method, url: `https://chat.example.org${path}` })

const table = new RouteTable()
table.add(
  new Elysia()
    .get("/invites/:code", () => "", route({ redact: ["code"] }))
    .post("/invites/:code/revoke", () => "", route({ redact: ["code"] }))
    .get("/servers/:serverId/channels/:channelId/stream", () => "", route({ frame: true }))
    .post("/servers/:serverId", () => "")
    .route("WS", "/live", () => "", route({ streams: true }))
    .all("/api/:procedure", () => "", route({ maxBodyBytes: 1 }))
    .get("/static/:version/*", () => "", route({ unlogged: true }))
    .get("/emoji/", () => "", route({ frame: true })),
)

describe("the traits of a request's route", () => {
  test.each([
    [at("/servers/1/channels/2/stream"), { frame: true }],
    [at("/servers/1/channels/2/stream/"), { frame: true }],
    [at("/servers/1/channels/2/stream?from=1"), { frame: true }],
    [at("/emoji"), { frame: true }],
    [at("/emoji/"), { frame: true }],
    [at("/servers/1/channels/2/stream", "HEAD"), { frame: true }],
    [at("/live"), { streams: true }],
    [at("/live/"), { streams: true }],
    [at("/api/getServers", "PUT"), { maxBodyBytes: 1 }],
    [at("/static/abc/app.css"), { unlogged: true }],
    [at("/static/abc/"), { unlogged: true }],
  ])("%o are %o", (request, traits) => {
    expect(table.traitsOf(request)).toEqual(traits)
  })

  test.each([
    at("/servers/1/channels/2/stream", "POST"),
    at("/servers/1", "POST"),
    at("/nothing"),
    at("/servers/1/channels/2/stream/more"),
  ])("%o has none", (request) => {
    expect(table.traitsOf(request)).toEqual({})
  })
})

describe("a path in the log", () => {
  test.each([
    ["GET", "/servers/1/channels/2/stream", "/servers/1/channels/2/stream"],
    ["GET", "/invites/s3cret", "/invites/:code"],
    ["GET", "/invites/s3cret/", "/invites/:code/"],
    ["POST", "/invites/s3cret/revoke", "/invites/:code/revoke"],
    ["GET", "/invites/%73ecret", "/invites/:code"],
    // Of another method it is a secret too.
    ["DELETE", "/invites/s3cret", "/invites/:code"],
  ])("%s %s is %s", (method, path, logged) => {
    expect(table.loggedPath(at(path, method))).toBe(logged)
  })

  test.each([
    ["/nothing", "/nothing"],
    ["/", "/"],
    ["/invites/s3cret/s3cret", "/invites/…"],
    ["//invites/s3cret", "//…"],
    ["/invite/s3cret", "/invite/…"],
  ])("of %s, which no route has, is %s", (path, logged) => {
    expect(table.loggedPath(at(path))).toBe(logged)
  })
})
