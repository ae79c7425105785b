import { z } from "zod"

const text = z.string().nullish()
const Subject = z.object({
  html_url: text,
  title: text,
  name: text,
  tag_name: text,
  number: z.int().nullish(),
  merged: z.boolean().nullish(),
})

/** What is read of GitHub's events. Source: GitHub Docs, "Webhook events and payloads". */
const Event = z.object({
  action: text,
  ref: text,
  ref_type: text,
  compare: text,
  sender: z.object({ login: z.string() }).nullish(),
  repository: z.object({ full_name: z.string() }),
  commits: z
    .array(z.object({ id: z.string(), message: z.string(), author: z.object({ name: text }).nullish() }))
    .nullish(),
  ...{
    pull_request: Subject.nullish(),
    issue: Subject.nullish(),
    release: Subject.nullish(),
    discussion: Subject.nullish(),
  },
  comment: z.object({ html_url: text, body: text }).nullish(),
  review: z.object({ html_url: text, body: text, state: text }).nullish(),
})
type Event = z.infer<typeof Event>

/** Told of one push; the rest of them is behind its link. */
const maxCommits = 5

/** Actions that are news; of the rest (labels, assignments, synchronizing) a channel would hear too much. */
const news = new Set(["opened", "closed", "reopened", "published", "created", "answered", "submitted"])

/**
 * What GitHub sends, as what posts to Discord's webhooks; `null` for events that nothing is said of, and `undefined`
 * for what is none of GitHub's.
 */
export function fromGithub(name: string, given: unknown): object | null | undefined {
  if (name === "ping") return null
  const event = Event.safeParse(given).data
  if (!event) return undefined

  const content = name === "push" ? pushed(event) : (branched(name, event) ?? happened(event))
  // Not `content`, which is refused when it is too long: an embed is cut.
  return content === undefined ? null : { embeds: [{ description: content }] }
}

function pushed({ repository, ref, compare, commits, sender }: Event): string | undefined {
  const all = commits ?? []
  if (all.length === 0) return undefined

  const count = all.length === 1 ? "1 commit" : `${all.length} commits`
  const lines = all.slice(0, maxCommits).map(({ id, message, author }) => {
    const by = author?.name ? ` (${author.name})` : ""
    return `- \`${id.slice(0, 7)}\` ${message.split("\n")[0]}${by}`
  })
  const what = compare ? `[${count}](${compare})` : count
  return [`${place(repository, ref)} ${sender?.login ?? "Somebody"} pushed ${what}`, ...lines].join("\n")
}

function branched(name: string, { repository, ref, ref_type, sender }: Event): string | undefined {
  if (name !== "create" && name !== "delete") return undefined
  return `${place(repository)} ${sender?.login ?? "Somebody"} ${name}d the ${ref_type ?? "branch"} \`${ref ?? ""}\``
}

function happened(event: Event): string | undefined {
  const { action, repository, sender, pull_request, issue, release, discussion, comment, review } = event
  const subject = pull_request ?? issue ?? release ?? discussion
  if (!subject || !news.has(action ?? "")) return undefined

  const kind = pull_request ? "pull request" : issue ? "issue" : release ? "release" : "discussion"
  const said = comment ?? review
  const done = action === "closed" && subject.merged ? "merged" : action
  const what = review ? `reviewed (${review.state?.replace("_", " ")})` : comment ? "commented on" : done
  const number = subject.number ? `#${subject.number} ` : ""
  const title = `${number}${subject.title ?? subject.name ?? subject.tag_name ?? ""}`
  const href = said?.html_url ?? subject.html_url
  const heading = `${place(repository)} ${sender?.login ?? "Somebody"} ${what} ${kind} `
  const body = said?.body
    ?.trim()
    .split("\n")
    .map((line) => `> ${line}`)
  return [heading + (href ? `[${title}](${href})` : title), ...(body ?? [])].join("\n")
}

function place({ full_name }: Event["repository"], ref?: string | null): string {
  const branch = ref ? `:${ref.replace(/^refs\/(heads|tags)\//, "")}` : ""
  return `**${full_name}${branch}**`
}
