/** What programmers need to know before the first request. Shown on the page, and as Markdown in OpenAPI. */
export const introduction: { title: string; text: string }[] = [
  {
    title: "Requests",
    text: "Every action is a procedure of one contract with a URL of its own: `GET /api/{name}` with fields in the query string for reading, `POST /api/{name}` with a JSON object as its body for changes. POST works for reading too. Responses are JSON; times are ISO 8601. Fields may be added to responses, but none are removed.",
  },
  {
    title: "Tokens",
    text: "`login` returns a token. Send it as `Authorization: Bearer …` with every request; cookies are ignored. The token is a session like a browser's: it is listed on the account page and can be ended there. For a program that runs unattended, create a bot on the account page or with `createBot`: it has tokens of its own, writes under its own name and reaches only the servers it was added to.",
  },
  {
    title: "Refusals",
    text: "A refused request has a matching HTTP status and says in its body what to do: `{ error: { code, message } }`, with `issues` for each invalid field and `retryAfterSeconds` where waiting helps. Everywhere the same: 400, the input is invalid; 401, no valid token was sent; 403, you do not have permission, or a bot calls something that is for people; 404, no such procedure; 405, wrong method, `Allow` names the right one; 411, the length of the body is missing; 413, the body is larger than 64 KB; 415, the body is not JSON; 500 and 503, an error of the server, or the database is busy: try again.",
  },
  {
    title: "Rate limits",
    text: 'Messages are limited per user and channel, sign-ins per account and IP. Responses say how many remain: `RateLimit-Policy: "messages";q=10;w=10` and `RateLimit: "messages";r=9;t=10`, and the same as `X-RateLimit-Limit`, `-Remaining` and `-Reset`. A 429 has the seconds to wait in `Retry-After`.',
  },
  {
    title: "Idempotency",
    text: "The sender may choose the `id` of a message, as a UUID. Sending again with the same id, after a response was lost, never creates a second message: the stored one is returned.",
  },
  {
    title: "Pagination",
    text: "`getMessages` pages back with `before` and forward with `after`, each the id of a message. A channel's own URL pages by `position`, and its response contains the cursors of the next requests.",
  },
  {
    title: "Reading live",
    text: "A channel is a log: every change in it takes the next `seq`. Read its history, then its events `after` that `seq`: nothing is missed or delivered twice, however often the connection is lost.",
  },
]
