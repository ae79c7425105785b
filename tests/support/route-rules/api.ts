import { forAll, type RouteRules, refusedToAll } from "./outcomes.ts"

/** By a webhook's address: Discord's, and the same with the version of its API. */
const webhookRoutes = ["/api/webhooks", "/api/v10/webhooks"].flatMap((base) =>
  [
    ...["GET", "PATCH", "DELETE", "POST"].map((method) => [method, ""]),
    ...["GET", "PATCH", "DELETE"].map((method) => [method, "/messages/:messageId"]),
    ...["/slack", "/github"].map((suffix) => ["POST", suffix]),
  ].map(([method, suffix]) => `${method} ${base}/:webhookId/:token${suffix}`),
)

/** The API, webhooks, and what is for everyone. */
export const apiRoutes: RouteRules = {
  "GET /health": forAll,
  "GET /metrics": forAll,
  "GET /robots.txt": forAll,
  "GET /favicon.ico": { stranger: "go on", outsider: "go on", member: "go on", owner: "go on" },
  "GET /.well-known/change-password": {
    stranger: "go on",
    outsider: "go on",
    member: "go on",
    owner: "go on",
  },
  // Nobody said where to report.
  "GET /.well-known/security.txt": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "GET /static/:version/*": forAll,
  "GET /viewers/:file": forAll,
  // There is no icon and no colour.
  "GET /instance/:file": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  // Anyone who knows its address; nobody here does.
  ...Object.fromEntries(webhookRoutes.map((route) => [route, refusedToAll])),
  // The wire identifies callers by token only, not by cookie.
  "POST /api/covenant": refusedToAll,
  "GET /api/covenant": { stranger: 405, outsider: 405, member: 405, owner: 405 },
  "ALL /api/:procedure": refusedToAll,
  "GET /api": forAll,
  "GET /api/openapi.json": forAll,
  // Open to all, and of no use without a token.
  "WS /socket": { stranger: "live", outsider: "live", member: "live", owner: "live" },
}
