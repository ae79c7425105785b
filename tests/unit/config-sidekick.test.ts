import { describe, expect, test } from "bun:test"
import { parseConfig, parseSidekickConfig } from "../../src/config.ts"

/** The server's configuration. With a secret, so that none is created beside the database. */
const parse = (environment: Record<string, string | undefined>) =>
  parseConfig({ AUTH_SECRET: "a secret that is only used in tests", ...environment })

describe("a standalone sidekick", () => {
  const SIDEKICK_SECRET = "a-secret-that-is-only-used-in-tests"
  const SIDEKICK_URL = "http://10.0.0.2:3001"
  const SIDEKICK_SERVER_URL = "http://10.0.0.1:3000"

  test("needs both a URL and a secret", () => {
    const expected = { url: SIDEKICK_URL, secret: SIDEKICK_SECRET }

    expect(parse({ SIDEKICK_URL, SIDEKICK_SECRET }).sidekick).toEqual(expected)
    expect(parse({ SIDEKICK_URL: `${SIDEKICK_URL}/`, SIDEKICK_SECRET }).sidekick).toEqual(expected)
  })

  test.each([
    [{ SIDEKICK_URL }, "SIDEKICK_SECRET is not set: it must be set when SIDEKICK_URL is"],
    [{ SIDEKICK_SECRET }, "SIDEKICK_URL is not set: it must be set when SIDEKICK_SECRET is"],
    [
      { SIDEKICK_URL: "10.0.0.2:3001", SIDEKICK_SECRET },
      "SIDEKICK_URL=10.0.0.2:3001 is not valid: it must be a URL such as https://chat.example.org",
    ],
    [
      { SIDEKICK_URL: `${SIDEKICK_URL}/socket`, SIDEKICK_SECRET },
      `SIDEKICK_URL=${SIDEKICK_URL}/socket is not valid: it must be a URL without a path, such as http://10.0.0.2:3001`,
    ],
    [
      { SIDEKICK_URL, SIDEKICK_SECRET: "hunter2" },
      "SIDEKICK_SECRET is not valid: it must be at least 32 characters, ASCII and without spaces",
    ],
    [
      { SIDEKICK_URL, SIDEKICK_SECRET: `with a space in it ${SIDEKICK_SECRET}` },
      "SIDEKICK_SECRET is not valid: it must be at least 32 characters, ASCII and without spaces",
    ],
  ])("%j stops the start", (environment, sentence) => {
    expect(() => parse(environment)).toThrow(new Error(sentence))
  })

  test("has its own variables, with defaults", () => {
    expect(parseSidekickConfig({ SIDEKICK_SECRET, SIDEKICK_SERVER_URL })).toEqual({
      port: 3001,
      host: "0.0.0.0",
      publicOrigin: undefined,
      secret: SIDEKICK_SECRET,
      server: { url: `${SIDEKICK_SERVER_URL}/api/covenant`, secret: SIDEKICK_SECRET },
      openResources: false,
      maxSockets: 20_000,
      metricsToken: undefined,
      logLevel: "info",
      production: false,
    })
  })

  test("may use another secret for the server", () => {
    const SIDEKICK_SERVER_SECRET = "another-secret-only-used-in-tests"
    const url = "https://api.example.org/rpc?tenant=a"

    const { server } = parseSidekickConfig({
      SIDEKICK_SECRET,
      SIDEKICK_SERVER_SECRET,
      SIDEKICK_SERVER_URL: url,
    })

    expect(server).toEqual({ url, secret: SIDEKICK_SERVER_SECRET })
  })

  test.each([
    [{}, /^SIDEKICK_SECRET is not set: .*\nSIDEKICK_SERVER_URL is not set: .*$/],
    [
      { SIDEKICK_SECRET: "hunter2", SIDEKICK_SERVER_URL },
      /^SIDEKICK_SECRET is not valid: it must be at least 32/,
    ],
    [
      { SIDEKICK_SECRET, SIDEKICK_SERVER_URL, SIDEKICK_MAX_SOCKETS: "0" },
      /^SIDEKICK_MAX_SOCKETS=0 is not valid: it must be at least 1$/,
    ],
    [
      { SIDEKICK_SECRET, SIDEKICK_SERVER_URL, SIDEKICK_OPEN_RESOURCES: "yes" },
      /^SIDEKICK_OPEN_RESOURCES=yes is not valid: it must be true or false$/,
    ],
  ])("does not start with %j", (environment, sentence) => {
    expect(() => parseSidekickConfig(environment)).toThrow(sentence)
  })
})
