/** A click with everything that leads to it, or characters typed at once. */
export type HandStep = "click" | { type: number }

/**
 * The keystroke-level model, in seconds. Source: Card, Moran, Newell, "The keystroke-level model for user performance time
 * with interactive systems", Communications of the ACM 23(7), 1980; K for people who are no typists.
 */
const seconds = { key: 0.28, point: 1.1, press: 0.2, home: 0.4, think: 1.35 }

interface Task {
  name: string
  /** What one does here, in words. */
  how: string
  /** The same in Discord's desktop client, from memory. */
  discord: { steps: HandStep[]; how: string }
}

const enter = { type: 1 }
const tab = { type: 1 }

const tasks: Task[] = [
  {
    name: "Sign up",
    how: "username, `Tab`, password, `Enter`, I have stored it",
    discord: {
      how: "e-mail, username, password, date of birth, Continue, the check for robots; the letter to confirm not counted",
      steps: [
        ...(["click", { type: 20 }, tab, tab, { type: 8 }, tab, { type: 13 }] as const),
        ...([tab, { type: 3 }, tab, { type: 2 }, tab, { type: 4 }, "click", "click"] as const),
      ],
    },
  },
  {
    name: "Make a server",
    how: "Create server, its name, `Enter`",
    discord: {
      how: "Add a server, Create My Own, For me and my friends, its name, `Enter`",
      steps: ["click", "click", "click", { type: 3 }, enter],
    },
  },
  {
    name: "Invite",
    how: "Invite people, Copy",
    discord: { how: "Invite to Server, Copy", steps: ["click", "click"] },
  },
  {
    name: "Send a picture",
    how: "Attach files, `Enter`",
    discord: { how: "+, Upload a File, `Enter`", steps: ["click", "click", enter] },
  },
  {
    name: "React",
    how: "one of the quick reactions",
    discord: { how: "one of the quick reactions", steps: ["click"] },
  },
  {
    name: "Reply",
    how: "Reply, the text, `Enter`",
    discord: { how: "Reply, the text, `Enter`", steps: ["click", { type: 6 }, enter] },
  },
  {
    name: "Find an old message",
    how: "Search, a word, `Enter`, the message",
    discord: {
      how: "the search box, a word, `Enter`, the message",
      steps: ["click", { type: 4 }, enter, "click"],
    },
  },
  {
    name: "Mute a channel",
    how: "right click on it, Mute channel",
    discord: { how: "right click on it, Mute Channel", steps: ["click", "click"] },
  },
  {
    name: "Write to someone",
    how: "their name, Message, the text, `Enter`",
    discord: {
      how: "their name, the box on their card, the text, `Enter`",
      steps: ["click", "click", { type: 5 }, enter],
    },
  },
  {
    name: "Change the avatar",
    how: "your picture, Profile and status, the file, Upload picture",
    discord: {
      how: "User Settings, Edit User Profile, Change Avatar, Upload Image, Apply, Save Changes",
      steps: ["click", "click", "click", "click", "click", "click"],
    },
  },
]

interface Cost {
  clicks: number
  keys: number
  seconds: number
}

/** What steps cost, with the hand on the mouse at the beginning. */
function costOf(steps: HandStep[]): Cost {
  let isAtMouse = true
  const cost = { clicks: 0, keys: 0, seconds: 0 }
  for (const step of steps) {
    const isClick = step === "click"
    if (isClick !== isAtMouse) cost.seconds += seconds.home
    isAtMouse = isClick
    if (isClick) cost.clicks += 1
    else cost.keys += step.type
    // One thinks before each click and each text, not before the key that follows a text.
    if (isClick || step.type > 1) cost.seconds += seconds.think
    cost.seconds += isClick ? seconds.point + seconds.press : step.type * seconds.key
  }
  return cost
}

/** The page docs/user-tasks.md from what was counted here, and the costs to compare. */
export function tasksPage(counted: HandStep[][]) {
  const rows = tasks.map(({ name, how, discord }, at) => ({
    ...{ name, how, there: discord.how },
    ours: costOf(counted[at] ?? []),
    discord: costOf(discord.steps),
  }))
  const line = (name: string, { clicks, keys, seconds }: Cost, their: Cost) =>
    `| ${name} | ${clicks} | ${keys} | ${seconds.toFixed(1)} | ${their.clicks} | ${their.keys} | ${their.seconds.toFixed(1)} |`
  const sum = (costs: Cost[]) =>
    costs.reduce((all, { clicks, keys, seconds }) => ({
      clicks: all.clicks + clicks,
      keys: all.keys + keys,
      seconds: all.seconds + seconds,
    }))
  const total = line("**All**", sum(rows.map(({ ours }) => ours)), sum(rows.map(({ discord }) => discord)))
  const page = `# Ten tasks of a new user

How much a hand does for them here and in Discord. Ours is done and counted in Chromium by \`tests/browser/tasks.test.ts\`, which
fails when a task takes more clicks or seconds than there, or other ones than this page says;
\`UPDATE_TASKS=1 bun test tests/browser/tasks.test.ts\` writes it anew.

Two things are no measurements. **Seconds** are computed for both by the keystroke-level model (Card, Moran, Newell, 1980):
1.1 to point, 0.2 to click, 0.28 for a key, 0.4 to change between mouse and keyboard, 1.35 to think before each click and text.
The time that computers take is not in it. **Discord's steps** are those of its desktop client from memory, since it was not at
hand; texts are as long as ours. The system's dialog for choosing a file is not counted in either.

| Task | clicks | keys | seconds | Discord: clicks | keys | seconds |
|---|--:|--:|--:|--:|--:|--:|
${rows.map(({ name, ours, discord }) => line(name, ours, discord)).join("\n")}
${total}

What was done:

${rows.map(({ name, how, there }) => `- **${name}**: ${how}. Discord: ${there}.`).join("\n")}
`
  return { page, rows }
}
