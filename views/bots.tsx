import { escapeHtml } from "@kitajs/html"
import type { Bot } from "../src/features/bots/contract.ts"
import { AccountPlace } from "./account-place.tsx"
import type { PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import {
  Avatar,
  BotBadge,
  DialogLink,
  Field,
  FormErrors,
  FormPanel,
  type FormState,
  PanelForm,
} from "./ui.tsx"

interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
}

/** A person's bots, and making one. */
export function BotsPage({ bots, state, ...around }: PageProps & { bots: Bot[]; state: FormState }) {
  return (
    <Shell title="Bots" bodyClass="home" {...around}>
      <AccountPlace current="/account/bots">
        <main id="main" class="page">
          <h1>Bots</h1>
          <p>
            A bot is an account for one of your programs. It logs in with a token, has access only to the
            servers you add it to, and its messages are marked.
          </p>
          {bots.length === 0 ? (
            <p class="empty">No bots yet.</p>
          ) : (
            <ul class="entries">
              {bots.map((bot) => (
                <li>
                  <BotRow bot={bot} />
                </li>
              ))}
            </ul>
          )}
          <section aria-labelledby="new-bot">
            <h2 id="new-bot">Create a bot</h2>
            <form method="post" action="/account/bots" class="start">
              <FormErrors state={state} />
              <Field
                name="username"
                label="Username"
                state={state}
                hint="2 to 32 letters a–z, digits, dots, dashes or underscores"
                autocomplete="off"
                required
                maxlength={32}
              />
              <p class="actions">
                <button type="submit" class="primary">
                  Create bot
                </button>
              </p>
            </form>
          </section>
          <p>
            <a href="/account">Back to account</a>
          </p>
        </main>
      </AccountPlace>
    </Shell>
  )
}

function BotRow({ bot: { id, username, servers, tokens } }: { bot: Bot }) {
  return (
    <>
      <Avatar userId={id} name={username} />
      <div class="grow">
        <a href={`/account/bots/${id}`}>
          <bdi safe>{username}</bdi>
        </a>{" "}
        <BotBadge />
        <br />
        <small class="hint" safe>
          {`${counted(servers.length, "server")}, ${counted(tokens.length, "token")}`}
        </small>
      </div>
    </>
  )
}

function counted(count: number, what: string): string {
  return `${count === 0 ? "no" : count} ${what}${count === 1 ? "" : "s"}`
}

interface BotPageProps extends PageProps {
  bot: Bot
  /** One that was just made: it is shown this once. */
  token?: string
  state: FormState
}

/** One bot: its tokens, where it is, and its end. */
export function BotPage({ bot, token, state, ...around }: BotPageProps) {
  const address = `/account/bots/${bot.id}`
  const { clock } = around.viewer
  return (
    <Shell title={bot.username} bodyClass="home" {...around}>
      <main id="main" class="page">
        <h1>
          <bdi safe>{bot.username}</bdi> <BotBadge />
        </h1>
        {token !== undefined && <NewSecret label="New token" secret={token} />}
        <section aria-labelledby="tokens">
          <h2 id="tokens">Tokens</h2>
          <FormErrors state={state} />
          {bot.tokens.length === 0 && (
            <p class="empty">No tokens yet. Create one so that your program can log in.</p>
          )}
          <ul class="entries">
            {bot.tokens.map((one, index) => (
              <li>
                <div class="grow">
                  <b safe>{`Token ${index + 1}`}</b>
                  <br />
                  <small class="hint">
                    Created <Time at={one.createdAt} clock={clock} />,{" "}
                    {one.lastUsedAt ? (
                      <>
                        last used <Time at={one.lastUsedAt} clock={clock} />
                      </>
                    ) : (
                      "never used"
                    )}
                  </small>
                </div>
                <form method="post" action={`${address}/tokens/${one.id}/revoke`}>
                  <button class="quiet" type="submit" aria-label={`Revoke token ${index + 1}`}>
                    Revoke
                  </button>
                </form>
              </li>
            ))}
          </ul>
          <form method="post" action={`${address}/tokens`}>
            <button type="submit">Create token</button>
          </form>
        </section>
        <section aria-labelledby="where">
          <h2 id="where">Servers</h2>
          {bot.servers.length === 0 && (
            <p class="empty">
              Not in any server yet. Add it in the settings of one of your servers, under Bots.
            </p>
          )}
          <ul class="links">
            {bot.servers.map(({ id, name }) => (
              <li>
                <a href={`/servers/${id}`}>
                  <bdi safe>{name}</bdi>
                </a>
              </li>
            ))}
          </ul>
        </section>
        <ul class="links">
          <li>
            <DialogLink href={`${address}/delete`} class="danger-link">
              Delete bot
            </DialogLink>
          </li>
        </ul>
        <p>
          <a href="/account/bots">Back to bots</a>
        </p>
      </main>
    </Shell>
  )
}

/** Something that is shown once, and how to take it along. */
export function NewSecret({ label, secret }: { label: string; secret: string }) {
  return (
    <section class="secret" role="status">
      <p>
        <label for="secret" safe>
          {label}
        </label>
      </p>
      <input id="secret" class="secret-text" type="text" value={escapeHtml(secret)} readonly autofocus />
      <button type="button" class="copy-link">
        Copy
      </button>
      <p class="hint">Copy it now and store it like a password. It will not be shown again.</p>
    </section>
  )
}

/** Deleting a bot. */
export function DeleteBotPanel({ bot, state }: { bot: Pick<Bot, "id" | "username">; state: FormState }) {
  return (
    <FormPanel title="Delete bot">
      <p>
        <bdi safe>{bot.username}</bdi> will be permanently deleted and logged out. Its messages stay, without
        its name.
      </p>
      <PanelForm action={`/account/bots/${bot.id}/delete`} state={state} submit="Delete bot" danger />
    </FormPanel>
  )
}

interface ServerBotsProps {
  server: ServerName
  /** The owner's, and whether they are in the server. */
  bots: (Pick<Bot, "id" | "username"> & { isMember: boolean })[]
  state: FormState
}

/** Which of the viewer's bots are in a server of theirs. */
export function ServerBotsPanel({ server, bots, state }: ServerBotsProps) {
  const address = `/servers/${server.id}/bots`
  return (
    <>
      <FormErrors state={state} />
      {bots.length === 0 ? (
        <p class="empty">No bots yet.</p>
      ) : (
        <p>
          The bots you add can read and write in every channel of <bdi safe>{server.name}</bdi>.
        </p>
      )}
      <ul class="entries">
        {bots.map(({ id, username, isMember }) => (
          <li>
            <Avatar userId={id} name={username} />
            <bdi class="grow" safe>
              {username}
            </bdi>
            {isMember ? (
              <DialogLink
                href={`/servers/${server.id}/members/${id}/remove`}
                class="button quiet"
                label={`Remove ${username}`}
              >
                Remove
              </DialogLink>
            ) : (
              <form
                method="post"
                action={address}
                hx-post={address}
                hx-target="#dialog-body"
                hx-swap="innerHTML"
              >
                <input type="hidden" name="botId" value={id} />
                <button type="submit" aria-label={escapeHtml(`Add ${username}`)}>
                  Add
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <ul class="links">
        <li>
          <a href="/account/bots">Manage your bots</a>
        </li>
      </ul>
    </>
  )
}
