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

/** The fields of GitHub's events that are used. Source: GitHub Docs, "Webhook events and payloads". */
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

/** Commits listed for one push; its link shows all of them. */
const maxCommits = 5

/** Actions that are announced; others (labels, assignments, synchronizing) would flood a channel. */
const announcedActions = new Set([
  "opened",
  "closed",
  "reopened",
  "published",
  "created",
  "answered",
  "submitted",
])

/**
 * Converts a GitHub event to the payload of a Discord webhook. Returns `null` for events that are not announced, and
 * `undefined` for a body that is not an event of GitHub's.
 */
export function fromGithub(name: string, body: unknown): object | null | undefined {
  if (name === "ping") return null
  const event = Event.safeParse(body).data
  if (!event) return undefined

  const content = name === "push" ? pushText(event) : (branchText(name, event) ?? activityText(event))
  // An embed is shortened when it is too long; `content` would be refused.
  return content === undefined ? null : { embeds: [{ description: content }] }
}

function pushText({ repository, ref, compare, commits, sender }: Event): string | undefined {
  if (!commits?.length) return undefined

  const count = commits.length === 1 ? "1 commit" : `${commits.length} commits`
  const lines = commits.slice(0, maxCommits).map(({ id, message, author }) => {
    const by = author?.name ? ` (${author.name})` : ""
    return `- \`${id.slice(0, 7)}\` ${message.split("\n")[0]}${by}`
  })
  const link = compare ? `[${count}](${compare})` : count
  return [`${repositoryName(repository, ref)} ${sender?.login ?? "Someone"} pushed ${link}`, ...lines].join(
    "\n",
  )
}

function branchText(name: string, { repository, ref, ref_type, sender }: Event): string | undefined {
  if (name !== "create" && name !== "delete") return undefined
  return `${repositoryName(repository)} ${sender?.login ?? "Someone"} ${name}d the ${ref_type ?? "branch"} \`${ref ?? ""}\``
}

function activityText(event: Event): string | undefined {
  const { action, repository, sender, pull_request, issue, release, discussion, comment, review } = event
  const subject = pull_request ?? issue ?? release ?? discussion
  if (!subject || !announcedActions.has(action ?? "")) return undefined

  const kind = pull_request ? "pull request" : issue ? "issue" : release ? "release" : "discussion"
  const reply = comment ?? review
  const verb = action === "closed" && subject.merged ? "merged" : action
  const predicate = review ? `reviewed (${review.state?.replace("_", " ")})` : comment ? "commented on" : verb
  const number = subject.number ? `#${subject.number} ` : ""
  const title = `${number}${subject.title ?? subject.name ?? subject.tag_name ?? ""}`
  const href = reply?.html_url ?? subject.html_url
  const heading = `${repositoryName(repository)} ${sender?.login ?? "Someone"} ${predicate} ${kind} `
  const body = reply?.body
    ?.trim()
    .split("\n")
    .map((line) => `> ${line}`)
  return [heading + (href ? `[${title}](${href})` : title), ...(body ?? [])].join("\n")
}

function repositoryName({ full_name }: Event["repository"], ref?: string | null): string {
  const branch = ref ? `:${ref.replace(/^refs\/(heads|tags)\//, "")}` : ""
  return `**${full_name}${branch}**`
}
