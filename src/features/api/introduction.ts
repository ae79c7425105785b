/** What there is to know before the first request. For the page, and as Markdown for OpenAPI. */
export const introduction: { title: string; text: string }[] = [
  {
    title: "Asking",
    text: "Everything that can be done here is a procedure of one contract, and each has an address: `GET /api/{name}` with its fields in the query string where it only reads, `POST /api/{name}` with a JSON object as its body where it changes something. Reading works by POST too. Answers are JSON; times are text in ISO 8601. Fields may be added to answers, never taken away.",
  },
  {
    title: "Tokens",
    text: "`login` answers with a token. Send it as `Authorization: Bearer …` with every request; cookies count for nothing here. The token is a session like a browser's: it is listed on the account page, where it can be ended. A program that is to go on by itself is better a bot: make one on the account page or by `createBot`, and it has tokens of its own, which say who wrote what and open no more than the servers it was added to.",
  },
  {
    title: "Refusals",
    text: "A refusal has the HTTP status that fits, and says in its body what to do: `{ error: { code, message } }`, with `issues` that name each field that was wrong and `retryAfterSeconds` where waiting helps. The same everywhere: 400, what was sent does not fit; 401, no token was sent, or one that is not good; 403, one may not, or a bot asks for what is for people; 404, there is no such procedure; 405, it is asked for by another method, which `Allow` names; 411, the body does not say how long it is; 413, it is more than 64 KB; 415, it is not JSON; 500 and 503, it is our fault, or the database is busy: ask again.",
  },
  {
    title: "Limits",
    text: 'Messages are limited per person and channel, sign-ins per account and address. Answers that count say how many are left: `RateLimit-Policy: "messages";q=10;w=10` and `RateLimit: "messages";r=9;t=10`, and the same as `X-RateLimit-Limit`, `-Remaining` and `-Reset`. A 429 says in `Retry-After` how many seconds to wait.',
  },
  {
    title: "Sending once",
    text: "A message's `id` may be chosen by its sender, as a UUID. Sending again with the same id, after an answer was lost, never makes a second message: the stored one is answered.",
  },
  {
    title: "Paging",
    text: "`getMessages` goes back with `before` and forward with `after`, each the id of a message one has. A channel's own address pages by `position`, and says in its answer what to ask with next.",
  },
  {
    title: "Reading live",
    text: "A channel is a log: every change in it takes the next `seq`. Read its history, then its events `after` that `seq`, and nothing is missed or comes twice, however often the connection is lost.",
  },
]
