import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { parse, plainText, renderContent } from "../../../src/features/messages/render.ts"
import { namesOf } from "../../../src/features/messages/text/names.ts"
import { Printer } from "../../../src/features/messages/text/print.ts"
import { noNames } from "../../../src/features/messages/text/tree.ts"
import { cpuMs } from "../../support/cpu.ts"
import { find } from "../../support/html.ts"

const names = namesOf(new Map([["alice", "a1"]]), [{ id: "c1", name: "general" }])
const render = (text: string) => renderContent(text, { names, serverId: "lab" })

/** The elements that may be made of a message, and what each attribute of theirs may be. */
const nothing = {}
/** Their bullets and bars stand where their own text begins. */
const block = { dir: /^auto$/ }
const link = {
  target: /^_blank$/,
  rel: /^noopener noreferrer nofollow ugc$/,
  href: /^(https?:\/\/|mailto:)/i,
}
const allowed: Record<string, Record<string, RegExp>> = {
  p: { class: /^(heading-[123]|subtext)$/ },
  ol: { ...block, start: /^\d{1,9}$/ },
  ul: { ...block, class: /^plus$/ },
  blockquote: block,
  span: { class: /^(mention|code-[a-z]+)$/, "data-user": /^a1$/ },
  label: { class: /^spoiler$/ },
  time: { "data-style": /^[tTdDfFR]$/, datetime: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  input: { type: /^checkbox$/, "aria-label": /^Show spoiler$/, autocomplete: /^off$/ },
  a: { ...link, title: link.href, class: /^mention$/, "data-user": /^a1$/, "data-dialog": /^$/ },
  ...Object.fromEntries("div li pre code strong em u s".split(" ").map((name) => [name, nothing])),
}

/** What is not as it may be. */
function astray(html: string): string[] {
  return find(`<main>${html}</main>`, "main *").flatMap(({ name, attributes }) => {
    const own = allowed[name]
    if (!own) return [name]

    const isMention = attributes.class === "mention"
    return Object.entries(attributes)
      .filter(([key, value]) => {
        if (name === "a" && key === "href" && isMention)
          return value !== "/servers/lab/channels/c1" && value !== "/users/a1?server=lab"
        return !own[key]?.test(value)
      })
      .map(([key, value]) => `${name} ${key}=${value}`)
  })
}

const pieces = [
  ..."* ** *** _ __ ___ ~~ || | ` `` ``` [ ] ( ) ]( ! ![ < > </ > >> >>> # ## -# - * 1. \\ & &lt; ; : @ @alice #general \n \" ' =".split(
    " ",
  ),
  ..."  ;\n;\n\n;```js\n;```html\n;\n```;\n> ;\n- ;\n  - ;\n+ ;\n\t- ;\n# ;word ;a;<script>;<img src=x onerror=alert(1)>;<b hx-get=/logout>".split(
    ";",
  ),
  ..."https://example.org Https://example.org javascript:alert(1) JAVASCRIPT:alert(1) [x](https://a.example) [x](javascript:y) mailto:a@b.c <t:0> <t:1700000000:R> <t:9999999999999:F> <https://x.y> data:text/html,<script>".split(
    " ",
  ),
  ..."\ufdd0 \ufdd1 \ufdd2 \ufdd3 \ufdd4 \ufdd00\ufdd1 ](\ufdd40) |\ufdd2| \f \u205f \u202e \u2066 \0 \ud800 😀 中 é\u0301\u0301 --> <!-- ]]> hx-on:click=x".split(
    " ",
  ),
]
const written = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 60,
})

describe("random texts", () => {
  test("becomes only elements and attributes of ours", () => {
    fc.assert(
      fc.property(written, (parts) => {
        expect(astray(render(parts.join("")))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  test("is the same whether it had to be parsed or not", () => {
    const everyday = "h ht http https http: https: https:/ https:// HTTPS://a http://a.b ://".split(" ")
    const quiet = fc.constantFrom(
      ...everyday,
      ..."a : - 1 . 1. + ! ' é 中 😀".split(" "),
      " ",
      "\t",
      "\n\t+ ",
      "\n  - a\n\t",
      "\n",
      "\n- ",
      " - ",
    )
    const texts = fc.array(quiet, { maxLength: 12 }).map((parts) => parts.join(""))
    fc.assert(
      fc.property(texts, (text) => {
        expect(renderContent(text)).toBe(new Printer({}).message(parse(text, noNames)))
      }),
      { numRuns: 3000 },
    )
  })

  test("the test's searches find broken markup", () => {
    expect(astray('<p onclick="x">')).toEqual(["p onclick=x"])
    expect(astray('<script></script><a href="/logout">')).toEqual(["script", "a href=/logout"])
    expect(astray('<a class="mention" href="/x"></a><span data-user="b"></span>')).toHaveLength(2)
  })

  test("is well-formed: every element is closed where it should be", () => {
    fc.assert(
      fc.property(written, (parts) => {
        const open: string[] = []
        for (const [, closes, name = ""] of render(parts.join("")).matchAll(/<(\/?)([a-z]+)/g)) {
          if (closes) expect(open.pop()).toBe(name)
          else if (name !== "input") open.push(name)
        }
        expect(open).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test("loses no word of it", () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom(...pieces.filter((piece) => !/[a-z0-9]/i.test(piece))),
        fc.stringMatching(/^q[a-z]{2,6}$/),
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(words, (parts) => {
        const said = (text: string) => text.match(/[a-z]+/g)?.join("") ?? ""
        const [shown] = find(`<main>${render(parts.join(" "))}</main>`, "main")
        expect(said(shown?.text ?? "")).toBe(said(parts.join(" ")))
      }),
      { numRuns: 1000 },
    )
  })

  test("plain text does not show spoilers", () => {
    fc.assert(
      fc.property(written, (parts) => {
        const text = `||qsecret|| ${parts.filter((part) => !part.includes("|")).join("")}`
        const [hidden] = find(`<main>${render(text)}</main>`, "label span")
        if (hidden?.text.includes("qsecret")) expect(plainText(text)).not.toContain("qsecret")
      }),
      { numRuns: 300 },
    )
  })
})

describe("nothing takes long", () => {
  const hard = [
    ..."> * ** _ __ ~~ || [ ] ]( ![ ` ``` < & \\ @ # - ( ) 😀 \u202e".split(" "),
    ...[
      "> ",
      "> a\n",
      ">>> ",
      "- ",
      "- a\n",
      "+ a\n",
      "\t",
      "- a\n\t",
      "\t+ a\n\t\t- b\n",
      "1. a\n",
      "# a\n",
      "*a_",
      "*_",
      "**a ",
      "a*b_",
      "||a",
      "__a",
      "[a](",
      "[a](https://x.y)",
    ],
    ...[
      "`a``b",
      "```\n",
      "```a",
      "`\n",
      "\\`",
      "@alice",
      "@a.",
      "#general",
      "https://a.",
      "https://a|",
      "Z\u0351\u036b",
      "中*",
      "*中。",
      " ",
      "\n",
    ],
  ]
  const code = ['"', "'", "`", "/*", "<!--", "<a b=", "a:", "-", "(", "a", "0x", "'''", "#", "$(", "\\"]
  const languages = "js py sh c rust html css json yaml toml sql diff".split(" ")

  // It takes 20 ms at most; the first runs are slower until they are compiled.
  const maxMs = 200

  test.each(hard)("%j, in a message full of it", async (piece) => {
    for (const text of [piece.repeat(2000), `x${piece.repeat(2000)}x`].map((one) => one.slice(0, 2000))) {
      expect(await costOf(text)).toBeLessThan(maxMs)
    }
  })

  test.each(languages)("code of %s", async (language) => {
    for (const piece of code) {
      const text = `\`\`\`${language}\n${piece.repeat(2000).slice(0, 1980)}x\`\`\``
      expect(await costOf(text)).toBeLessThan(maxMs)
    }
  })

  test("a hundred thousand characters do not take the square of that", async () => {
    for (const piece of [">", "*", "[", "`", "- a\n", "\t+ a\n", "*_", "||", "@", "```\n"]) {
      const cost = await costOf(piece.repeat(100_000 / piece.length))
      expect([piece, cost < 10 * maxMs]).toEqual([piece, true])
    }
  })

  test("names that many channels begin with", async () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ id: `c${at}`, name: "a".repeat(at + 2) }))
    const text = `#${"a".repeat(101)}${"#a".repeat(2000)}`.slice(0, 2000)
    const among = namesOf(new Map(), many)

    const options = { names: among, serverId: "lab" }
    expect(find(renderContent(text, options), "a")).toHaveLength(1)
    expect(await cpuMs(() => renderContent(text, options))).toBeLessThan(maxMs)
  })

  test("lists in lists end somewhere", () => {
    const text = Array.from({ length: 60 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")
    expect(find(render(text), "ul").length).toBeLessThan(12)
    expect(find(render(text), "li")).toHaveLength(60)
  })
})

/** What rendering a text costs, in milliseconds of CPU time. */
function costOf(text: string): Promise<number> {
  return cpuMs(() => render(text))
}
