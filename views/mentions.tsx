import { escapeHtml } from "@kitajs/html"
import { RoleName } from "./roles.tsx"
import { Avatar } from "./ui.tsx"

/** What a half-written name could become; `insert` is what is then written. */
export type Completion =
  | { kind: "member"; insert: string; userId: string; name: string; picture?: string | null; hint?: string }
  | { kind: "role"; insert: string; roleId: string; name: string }
  | { kind: "channel"; insert: string; name: string }
  | { kind: "emoji"; insert: string; emoji: string; name: string }
  | { kind: "command"; insert: string; name: string; hint: string; href?: string; isPage?: boolean }

/** What is asked for: behind `@` there may be roles too. */
export type CompletionKind = "member" | "channel" | "emoji" | "command"

const labels = { member: "Members and roles", channel: "Channels", emoji: "Emoji", command: "Commands" }

/** What could be meant, for `static/completions.js`; nothing when nothing could. */
export function CompletionList({ kind, found }: { kind: CompletionKind; found: Completion[] }) {
  if (found.length === 0) return ""

  return (
    <div class="completions" role="listbox" aria-label={labels[kind]}>
      {found.map((completion, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the text box keeps the focus (aria-activedescendant)
        <div
          id={`completion-${at}`}
          role="option"
          aria-selected="false"
          data-insert={escapeHtml(completion.insert)}
          data-href={
            completion.kind === "command" ? completion.href && escapeHtml(completion.href) : undefined
          }
          data-page={completion.kind === "command" && completion.isPage ? "" : undefined}
        >
          <Shown completion={completion} />
        </div>
      ))}
    </div>
  )
}

function Shown({ completion }: { completion: Completion }): JSX.Element {
  switch (completion.kind) {
    case "member":
      return (
        <>
          <Avatar userId={completion.userId} name={completion.name} picture={completion.picture} />
          <bdi safe>{completion.name}</bdi>
          {completion.hint !== undefined && <small safe>{completion.hint}</small>}
        </>
      )
    case "role":
      return (
        <>
          <RoleName role={{ id: completion.roleId, name: completion.name }} />
          <small>role</small>
        </>
      )
    case "channel":
      return (
        <>
          <span class="hash" aria-hidden="true">
            #
          </span>
          <bdi safe>{completion.name}</bdi>
        </>
      )
    case "command":
      return (
        <>
          <b safe>{`/${completion.name}`}</b>
          <small safe>{completion.hint}</small>
        </>
      )
    case "emoji":
      return (
        <>
          <span class="glyph" aria-hidden="true" safe>
            {completion.emoji}
          </span>
          <span safe>{`:${completion.name}:`}</span>
        </>
      )
  }
}
