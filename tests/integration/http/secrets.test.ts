import { expect, test } from "bun:test"
import { RouteTable } from "../../../src/web/routes.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"

/** A parameter by whose name one would take it for something that opens a door. */
const secretName = /^(code|token|secret|key|password)$/i

/** The app's routes with a parameter that is a secret by its name. */
function secretRoutes({ app }: TestServer) {
  return app.routes.filter(({ path }) =>
    path.split("/").some((segment) => segment.startsWith(":") && secretName.test(segment.slice(1))),
  )
}

test("no route's secret gets into the log, by any method", async () => {
  using server = await createTestServer()
  const table = new RouteTable()
  table.add(server.app)
  const routes = secretRoutes(server)
  expect(routes.length).toBeGreaterThan(10) // or nothing is looked at

  const logged = routes.flatMap(({ path }) => {
    const url = `${server.origin}${path.replace(/:\w+/g, (name) => (secretName.test(name.slice(1)) ? "s3cret" : "id"))}`
    return ["GET", "POST", "PATCH", "DELETE"].map((method) => table.loggedPath({ method, url }))
  })

  expect(logged.filter((path) => path.includes("s3cret"))).toEqual([])
})
