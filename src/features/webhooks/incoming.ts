import { Elysia } from "elysia"
import { route } from "../../web/routes.ts"
import type { Services } from "../services.ts"
import { discordWebhook } from "./discord.ts"
import { fromGithub } from "./github.ts"
import { IncomingWebhooks } from "./incoming-webhooks.ts"
import { fromSlack } from "./slack.ts"

/** A webhook's URL contains its secret, so logs redact it. */
const secret = { redact: ["token"] } as const

/** Programs send larger events than people. Bodies are parsed later, because their format depends on the route. */
const events = { ...secret, maxBodyBytes: 1024 * 1024 }
const withSecret = route(secret)
const withEvent = { parse: "none", ...route(events) } as const
const withMessage = { parse: "none", ...route({ ...events, upload: true }) } as const

/** Discord's paths, with the API version that its libraries add and without. */
const paths = ["/api/webhooks/:webhookId/:token", "/api/v10/webhooks/:webhookId/:token"] as const

/**
 * Webhooks for programs, with the paths, payloads and failures of Discord's, so that its clients work unchanged
 * (Discord API docs, "Webhook Resource"). The URL is the only credential, and valid for nothing else.
 */
export function incomingRoutes(services: Services) {
  const webhooks = new IncomingWebhooks(services)
  const app = new Elysia()
  for (const path of paths) {
    app.use(webhookRoutes(webhooks, path))
    app.use(messageRoutes(webhooks, `${path}/messages/:messageId` as const))
  }
  return app
}

function webhookRoutes(webhooks: IncomingWebhooks, path: (typeof paths)[number]) {
  return new Elysia()
    .get(
      path,
      (visit) =>
        webhooks.withWebhook(visit, (webhook) => Response.json(discordWebhook(webhook, visit.params.token))),
      withSecret,
    )
    .patch(path, (visit) => webhooks.rename(visit), withEvent)
    .delete(path, (visit) => webhooks.delete(visit), withSecret)
    .post(path, (visit) => webhooks.post(visit), withMessage)
    .post(
      `${path}/slack`,
      (visit) => webhooks.post(visit, { convert: fromSlack, done: () => new Response("ok") }),
      withEvent,
    )
    .post(
      `${path}/github`,
      (visit) => {
        const event = visit.request.headers.get("x-github-event") ?? ""
        return webhooks.post(visit, { convert: (body) => fromGithub(event, body) })
      },
      withEvent,
    )
}

function messageRoutes(webhooks: IncomingWebhooks, path: `${(typeof paths)[number]}/messages/:messageId`) {
  return new Elysia()
    .get(path, (visit) => webhooks.getMessage(visit), withSecret)
    .patch(path, (visit) => webhooks.editMessage(visit), withEvent)
    .delete(path, (visit) => webhooks.deleteMessage(visit), withSecret)
}
